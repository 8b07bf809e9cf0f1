package store_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"tenet/internal/store"
)

func Example() {
	dir, err := os.MkdirTemp("", "library-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	l, err := store.Init(ctx, dir, store.Options{Doing: "example"})
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()

	type note struct {
		ID    string     `json:"id"`
		Alias string     `json:"alias"`
		Text  string     `json:"text"`
		Score store.Real `json:"score"`
	}
	_, err = l.Update(ctx, "ann", func(tx *store.Tx) error {
		alias, err := tx.NewAlias("N")
		if err != nil {
			return err
		}
		n := note{ID: tx.NewID(), Alias: alias, Text: "skip paths keep gradients", Score: .5}
		return tx.Put("note.made", "note", n.ID, n, "from the example")
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := l.Undo(ctx, "ann"); err != nil {
		log.Fatal(err)
	}
	for c, err := range l.Changes(0) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.Seq, c.Actor, c.Verb, c.Why)
	}
	// Output:
	// 1 ann note.made from the example
	// 2 ann undo undoes note.made
}

func ExampleCanonical() {
	b, err := store.Canonical(map[string]any{"b": 1, "a": store.Real(0.1), "é": []string{"<", "\n"}})
	fmt.Println(string(b), err)
	_, err = store.Canonical(map[string]float64{"x": 1})
	fmt.Println(err)
	// Output:
	// {"a":"0.1","b":1,"é":["<","\n"]} <nil>
	// store: canonical: float64 is a floating type; use store.Real
}
