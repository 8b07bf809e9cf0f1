package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// order is the query as it stands, for acts on all that it finds.
func (c *claims) order() searchOrder {
	return searchOrder{Query: c.box.query(), Sort: c.sort, Filters: c.filters}
}

// withFound finds all claims of the query and goes on with their ids.
func (a *App) withFound(next func(*App, []string) tea.Cmd) tea.Cmd {
	q := a.claims.order()
	return a.work(func(ctx context.Context) then {
		ids, err := a.study.ClaimsFound(ctx, q)
		return func(a *App) tea.Cmd {
			switch {
			case err != nil:
				a.fail(err)
				return nil
			case len(ids) == 0:
				a.say("the query finds no claim, only other things")
				return nil
			}
			return next(a, ids)
		}
	})
}

// linkAll links every claim found to one principle, once that is confirmed.
func (a *App) linkAll() tea.Cmd {
	return a.withFound(func(a *App, ids []string) tea.Cmd {
		into := a.read.into
		return a.pickPrinciple(func(a *App) tea.Cmd {
			p := a.read.into
			a.read.into = into // what Read tags into is another matter
			a.askLinkAll(ids, p)
			return nil
		})
	})
}

func (a *App) askLinkAll(ids []string, p principleRow) {
	q := &ask{title: fmt.Sprintf("link all %s found to %s?", plural(len(ids), "claim"), p.Alias), enter: "n", cancel: "nothing linked"}
	q.choices = append(q.choices, choice{"n", "no", func(a *App) tea.Cmd { a.say("nothing linked"); return nil }})
	for _, s := range stances() {
		q.choices = append(q.choices, choice{stanceMark(s), s, func(a *App) tea.Cmd {
			return a.write(func(ctx context.Context) (saved, error) { return a.study.LinkAll(ctx, ids, s, p.ID) }, nil)
		}})
	}
	a.asking = q
}

// exportClaims writes every claim found to a file; its ending says the format.
func (a *App) exportClaims(arg string) tea.Cmd {
	arg = strings.TrimSpace(arg)
	if slices.Contains(claimFormats(), "."+arg) {
		arg = "claims." + arg
	}
	if arg != "" {
		return a.putExport(arg)
	}
	q := &ask{
		title: "write claims to (.csv .jsonl .md .bib):", box: &box{cap: queryCap}, cancel: "nothing written",
		submit: func(a *App, path string) tea.Cmd { return a.putExport(path) },
	}
	q.box.set("claims.csv")
	a.asking = q
	return nil
}

func (a *App) putExport(path string) tea.Cmd {
	if path = strings.TrimSpace(path); path == "" {
		a.say("no file named; nothing written")
		return nil
	}
	query := a.claims.order().String()
	return a.withFound(func(a *App, ids []string) tea.Cmd {
		return a.write(func(ctx context.Context) (saved, error) {
			return a.study.ExportClaims(ctx, ids, query, homePath(path))
		}, nil)
	})
}

// String is the query with its facets, as the head of an export says it.
func (q searchOrder) String() string {
	parts := []string{strings.TrimSpace(q.Query)}
	for _, f := range sortedKeys(q.Filters) {
		if v := q.Filters[f]; len(v) > 0 {
			parts = append(parts, f+":"+strings.Join(v, "|"))
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}
