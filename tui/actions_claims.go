package tui

import tea "charm.land/bubbletea/v2"

func claimsActions() []action {
	one := in(roomClaims)
	hitOff := func(a *App) string {
		if a.claims.current() == nil && !a.claims.facetsOn {
			return "nothing was found to open"
		}
		return ""
	}
	hitsOff := func(a *App) string {
		if len(a.claims.answer.Hits) == 0 {
			return "nothing was found"
		}
		return ""
	}
	return []action{
		{
			id: "claim.open", keys: []string{"enter"}, rooms: one, label: "open at sentence", order: 1, off: hitOff,
			help: "opens the hit where it stands; in the facets it toggles one", run: func(a *App, _ string) tea.Cmd { return a.openHit() },
		},
		{
			id: "facet.show", keys: []string{"F"}, rooms: one, label: "facets", order: 2, off: paneOff,
			help: "enters the facets: what the hits are made of, to narrow them", run: func(a *App, _ string) tea.Cmd {
				a.claims.facetsOn = !a.claims.facetsOn
				return nil
			},
		},
		{
			id: "claims.sort", keys: []string{"S"}, rooms: one, label: "sort", order: 3,
			help: "sorts by score, year, paper or newest", run: func(a *App, arg string) tea.Cmd { return a.sortClaims(arg) },
		},
		{
			id: "claims.kinds", keys: []string{"A"}, rooms: one, label: "all kinds", order: 4,
			help: "searches papers, principles, hypotheses and runs too, or claims and passages alone",
			run: func(a *App, _ string) tea.Cmd {
				a.claims.all = !a.claims.all
				return a.search()
			},
		},
		{
			id: "claims.link", keys: []string{"T"}, rooms: one, label: "link all…", order: 5, event: "link.added", off: hitsOff,
			help: "links every claim found to one principle, after asking; one undo takes all back",
			run:  func(a *App, _ string) tea.Cmd { return a.linkAll() },
		},
		{
			id: "claims.export", keys: []string{"X"}, rooms: one, label: "export…", order: 6, off: hitsOff,
			help: "writes every claim found to a new file: csv, jsonl, md or bib by its ending",
			run:  func(a *App, arg string) tea.Cmd { return a.exportClaims(arg) },
		},
		{
			id: "claims.clear", keys: []string{"backspace"}, rooms: one, label: "clear", help: "empties the box and the facets",
			run: func(a *App, _ string) tea.Cmd { return a.clearSearch() },
		},
	}
}

func (a *App) clearSearch() tea.Cmd {
	a.claims.box = box{cap: queryCap}
	a.claims.filters = nil
	return a.search()
}
