package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// childJob makes this test binary, run again, do one of the jobs below in a process of its own: "job dir argument".
const childJob = "TENET_STORE_CHILD"

func child() bool {
	job := os.Getenv(childJob)
	if job == "" {
		return false
	}
	parts := strings.SplitN(job, "\n", 3)
	for name, run := range map[string]func(dir, arg string) error{
		"write": childWrites, "hold": childHolds, "full": childFillsDisk, "open": childOpens,
	} {
		if name != parts[0] {
			continue
		}
		if err := run(parts[1], parts[2]); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	return true
}

func childEnv(job, dir, arg string) []string {
	return append(os.Environ(), childJob+"="+job+"\n"+dir+"\n"+arg)
}

// childWrites writes from two goroutines until it is killed and says of each write that it was acknowledged, in one
// system call per line.
func childWrites(dir, _ string) error {
	ctx := context.Background()
	l, err := Open(ctx, dir, Options{Doing: "crash test"})
	if errors.Is(err, ErrNotFound) {
		l, err = Init(ctx, dir, Options{Doing: "crash test"})
	}
	if err != nil {
		return err
	}
	fmt.Println("open")
	var work sync.WaitGroup
	errs := make(chan error, 2)
	for _, actor := range []string{"ann", "bob"} {
		work.Go(func() {
			for n := 0; ; n++ {
				if err := writeOne(ctx, l, actor, n); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	return <-errs
}

// writeOne does one of the things an actor does, and acknowledges it.
func writeOne(ctx context.Context, l *Library, actor string, n int) error {
	switch n % 8 {
	case 5:
		_, err := l.Undo(ctx, actor)
		if err != nil {
			return err
		}
		fmt.Printf("seq %d\n", l.Seq()) // at least so many
		return nil
	case 7:
		body := fmt.Sprintf("%s %d %s", actor, n, strings.Repeat("x", n*50))
		sha, err := l.Vault().PutBytes(ctx, []byte(body))
		if err != nil {
			return err
		}
		fmt.Printf("vault %s\n", sha)
		return nil
	}
	var id string
	text := strings.Repeat(actor+" ", n%40)
	seq, err := l.Update(ctx, actor, func(tx *Tx) error {
		id = tx.NewID()
		alias, err := tx.NewAlias("T")
		if err != nil {
			return err
		}
		for i := range n % 5 {
			extra := id + strconv.Itoa(i)
			if err := tx.Put("thing.set", "extra", extra, thing{ID: extra, OwnerID: id}, ""); err != nil {
				return err
			}
		}
		return tx.Put("thing.set", "thing", id, thing{ID: id, Alias: alias, Text: text, OwnerID: actor}, "")
	})
	if err != nil {
		return err
	}
	fmt.Printf("put %d %s\n", seq, id)
	return nil
}

// childHolds keeps a library open until its standard input ends.
func childHolds(dir, doing string) error {
	l, err := Open(context.Background(), dir, Options{Doing: doing})
	if err != nil {
		return err
	}
	fmt.Println("open", os.Getpid())
	_, _ = os.Stdin.Read(make([]byte, 1))
	return l.Close()
}

// childOpens says how opening went, as another user where the parent can make it one.
func childOpens(dir, how string) error {
	if how == "narrow" {
		if err := limitAddresses(6 << 30); err != nil {
			return err
		}
	}
	l, err := Open(context.Background(), dir, Options{ReadOnly: how == "ro"})
	if err == nil {
		err = l.View(func(tx *Tx) error {
			fmt.Println("things", tx.Count("thing"))
			return nil
		})
		_ = l.Close()
	}
	fmt.Println("readonly", errors.Is(err, ErrReadOnly), err)
	return nil
}

// childFillsDisk writes under a limit of file size until the disk is "full", then shows that the library still works.
func childFillsDisk(dir, limit string) error {
	n, err := strconv.ParseUint(limit, 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(sigxfsz)
	ctx := context.Background()
	l, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	if err := limitFileSize(n); err != nil {
		return err
	}
	for i := 0; ; i++ {
		id := strconv.Itoa(i)
		seq, err := l.Update(ctx, "ann", func(tx *Tx) error {
			return tx.Put("thing.set", "thing", id, thing{ID: id, Text: strings.Repeat("y", 20_000)}, "")
		})
		if err != nil {
			fmt.Println("full", errors.Is(err, syscall.EFBIG) || strings.Contains(err.Error(), "file too large"), l.Seq())
			break
		}
		fmt.Println("put", seq, id)
	}
	if _, err := l.Vault().PutBytes(ctx, make([]byte, 2*n)); err == nil {
		return errors.New("the vault took a file over the limit")
	}
	// A small write still fits into free pages, or is refused; neither may harm.
	_, err = l.Update(ctx, "ann", func(tx *Tx) error { return tx.Put("thing.set", "thing", "0", thing{ID: "0", Text: "small"}, "") })
	fmt.Println("small", err == nil)
	found, err := l.Verify(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Println("findings", len(found), found)
	return nil
}
