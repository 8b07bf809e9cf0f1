package task

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedData is the folder that the published data files lie in.
func sharedData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(wd, "..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("NO SHARED DATA at %s (set TENET_SHARED): tests on MNIST, CIFAR-10 and the membranes are skipped", dir)
	}
	return dir
}

// brought opens a folder to which the published files were added.
func broughtData(t testing.TB) *Data {
	t.Helper()
	d := OpenData(filepath.Join(t.TempDir(), "data"))
	if _, err := d.Add(t.Context(), sharedData(t)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADataFolderKnowsFilesByTheirBytes(t *testing.T) {
	from := sharedData(t)
	d := OpenData(filepath.Join(t.TempDir(), "deep", "data"))
	added, err := d.Add(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, a := range added {
		if a.File != "" {
			got[a.File] = true
			if a.Was {
				t.Errorf("%s was there before", a.File)
			}
		}
	}
	for _, f := range Files() {
		if !got[f.Name] || !d.Has(f.Name) {
			t.Errorf("%s was not recognised", f.Name)
		}
	}
	again, err := d.Add(t.Context(), filepath.Join(from, "isbi2012-128-images.idx3.gz"))
	if err != nil || len(again) != 1 || !again[0].Was {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	for _, name := range Names() {
		if err := find(t, name).Missing(d); err != nil {
			t.Error(err)
		}
	}
}

func TestMNISTIsRecognisedWithinItsFullFile(t *testing.T) {
	packed, err := os.ReadFile(filepath.Join(sharedData(t), "mnist-train-10000-labels.idx1.gz"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := unpacked(packed)
	if err != nil {
		t.Fatal(err)
	}
	whole := append(bytes.Clone(b), make([]byte, 50_000)...)
	binary.BigEndian.PutUint32(whole[4:], 60_000)
	path := filepath.Join(t.TempDir(), "train-labels-idx1-ubyte")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	d := OpenData(t.TempDir())
	if added, err := d.Add(t.Context(), path); err != nil || len(added) != 1 || added[0].File != mnistLabels {
		t.Fatalf("%+v, %v", added, err)
	}
	if got, err := d.bytes(find(t, "D4"), mnistLabels); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestAMissingFileSaysTheWayOut(t *testing.T) {
	for name, want := range map[string]string{
		"D4":  "runner/task: D4: mnist-train-10000-images.idx3 (MNIST (LeCun, Cortes & Burges 1998)) is not in the data folder; tenet data add DIR brings it from wherever it lies; data: digits in every arm does without it and says so",
		"D5c": "is not in the data folder; tenet data add DIR brings it from wherever it lies",
	} {
		for _, d := range []*Data{nil, OpenData(t.TempDir())} {
			err := find(t, name).Missing(d)
			if err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	trial := Trial{Task: find(t, "D4"), Net: tiny(t, twoBlocks, 3).Net, Rate: 1e-3, Steps: 3}
	if _, err := trial.Run(t.Context(), seeds("x"), nil); err == nil || !strings.Contains(err.Error(), "tenet data add DIR") {
		t.Errorf("%v", err)
	}
	if err := find(t, "D1").Missing(nil); err != nil {
		t.Errorf("the digits come with the program: %v", err)
	}
}

func TestAChangedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	if _, err := zw.Write(make([]byte, 10008)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{b.Bytes(), b.Bytes()[:10], []byte("no gzip")} {
		if err := os.WriteFile(filepath.Join(dir, mnistLabels+".gz"), body, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := OpenData(dir).bytes(find(t, "D4"), mnistLabels)
		if err == nil || !strings.Contains(err.Error(), "bring it again with tenet data add DIR") {
			t.Errorf("%d bytes: %v", len(body), err)
		}
	}
}

func TestAddingCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenData(t.TempDir()).Add(ctx, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := OpenData(t.TempDir()).Add(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
