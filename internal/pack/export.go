package pack

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
	"tenet/survey/bib"
)

// Export writes the library's study as a pack into dir. A new or empty folder
// appears whole or not at all; in a folder that is a pack already each file is
// replaced whole and other files stay. Any other folder is refused.
func Export(ctx context.Context, lib *store.Library, dir string) error {
	files, err := Files(lib)
	if err != nil {
		return fmt.Errorf("pack: export: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("pack: export: nothing written: %w", err)
	}
	if err := write(ctx, dir, files); err != nil {
		return fmt.Errorf("pack: export to %s: %w", dir, err)
	}
	return nil
}

// Files gives the pack of a library as bytes by file name.
func Files(lib *store.Library) (map[string][]byte, error) {
	var files map[string][]byte
	err := lib.View(func(tx *store.Tx) error {
		var err error
		files, err = collect(lib, tx)
		return err
	})
	return files, err
}

func collect(lib *store.Library, tx *store.Tx) (map[string][]byte, error) {
	files := map[string][]byte{}
	es, err := survey.CollectBib(tx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := bib.Write(&b, es); err != nil {
		return nil, err
	}
	files[BibName] = b.Bytes()
	sf, err := collectSurvey(tx)
	if err != nil {
		return nil, err
	}
	if files[survey.FileName], err = survey.WriteFile(sf); err != nil {
		return nil, err
	}
	pf, err := principles.Collect(tx)
	if err != nil {
		return nil, err
	}
	sortOrigins(pf, sf)
	if files[PrinciplesName], err = principles.WriteFile(pf); err != nil {
		return nil, err
	}
	rest, err := collectPlans(tx)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, rest)
	as, err := Attachments(tx)
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		if files[a.Key], err = lib.Vault().Bytes(a.SHA); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Key, err)
		}
	}
	return files, nil
}

func collectSurvey(tx *store.Tx) (survey.File, error) {
	f, err := survey.Collect(tx)
	if err != nil {
		return f, err
	}
	names := map[string]string{}
	for i := range f.Papers {
		for j := range f.Papers[i].Claims {
			fc := &f.Papers[i].Claims[j]
			if fc.State != "" && !fc.State.Live() {
				continue // a claim that no longer counts bears on nothing
			}
			if fc.BearsOn, err = bearings(tx, fc.ID, names); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

// sortOrigins puts the claims of each principle in the order of survey.yaml,
// so that the same study gives the same file.
func sortOrigins(pf *principles.File, sf survey.File) {
	place := map[string]int{}
	for _, p := range sf.Papers {
		for _, c := range p.Claims {
			place[c.ID] = len(place)
		}
	}
	for i := range pf.Principles {
		for _, claims := range origins(pf.Principles[i].Origin) {
			slices.SortStableFunc(claims, func(a, b string) int { return cmp.Compare(place[a], place[b]) })
		}
	}
}

// bearings lists what a claim bears on; names remembers principles' aliases.
func bearings(tx *store.Tx, claim string, names map[string]string) ([]survey.Bearing, error) {
	c, err := survey.FindClaim(tx, claim)
	if err != nil {
		return nil, err
	}
	out := []survey.Bearing{}
	for l, err := range principles.LinksOfClaim(tx, c.ID) {
		if err != nil {
			return nil, err
		}
		if names[l.PrincipleID] == "" {
			p, err := principles.Find(tx, l.PrincipleID)
			if err != nil {
				return nil, err
			}
			names[l.PrincipleID] = p.Alias
		}
		out = append(out, survey.Bearing{Principle: names[l.PrincipleID], Relation: string(l.Relation)})
	}
	return out, nil
}

// write puts the files in place.
func write(ctx context.Context, dir string, files map[string][]byte) (err error) {
	inside, err := isPack(dir)
	if err != nil {
		return err
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(parent, ".tenet-export-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !filepath.IsLocal(name) || filepath.Base(name) != name {
			return fmt.Errorf("%q is no file name", name)
		}
		if err := writeSynced(filepath.Join(temp, name), files[name]); err != nil {
			return err
		}
	}
	if inside {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if err := os.Rename(filepath.Join(temp, name), filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // not empty after all
	}
	return os.Rename(temp, dir)
}

// isPack says whether dir is a pack already; a folder with other things in it,
// or a file, is an error.
func isPack(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case len(entries) == 0:
		return false, nil
	}
	for _, e := range entries {
		if e.Name() == "library.db" {
			return false, errors.New("is a library; give a folder of its own")
		}
	}
	for _, e := range entries {
		if slices.Contains([]string{survey.FileName, PrinciplesName}, e.Name()) {
			return true, nil
		}
	}
	return false, errors.New("is not empty and no study pack; nothing was overwritten")
}

func writeSynced(name string, data []byte) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
