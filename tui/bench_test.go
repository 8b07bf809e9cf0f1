package tui

import (
	"context"
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// big is a study of many papers.
type big struct {
	*fake
	rows []paperRow
}

func (b *big) Papers(context.Context, uint64) (paperPatch, error) {
	return paperPatch{Whole: true, Rows: b.rows, Seq: 1}, nil
}

func bigStudy(n int) *big {
	b := &big{fake: newFake()}
	for i := range n {
		b.rows = append(b.rows, paperRow{
			ID: fmt.Sprint("p", i), Alias: fmt.Sprint("D", i), Title: fmt.Sprintf("Paper %d on how much a branch should write to its stream", i),
			Authors: "Aoki, Brandt +2", Year: 1990 + i%36,
		})
	}
	return b
}

// frames drives Update and View without goroutines.
func benchApp(b *testing.B, s study, r room) *App {
	b.Helper()
	a := newApp(b.Context(), s, false)
	a.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
	var drain func(tea.Cmd)
	drain = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		switch m := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range m {
				drain(c)
			}
		default:
			_, next := a.Update(m)
			drain(next)
		}
	}
	switch r {
	case roomRead:
		drain(a.openPaper("p1", 0, 0))
	case roomLab:
		drain(a.openHyp("h6"))
	case roomTrace:
		drain(a.openTrace("H06"))
	default:
		drain(a.goTo(r))
	}
	return a
}

// Target: a frame of Update and View under 1 ms typical, the same at 100,000
// and 1,000,000 rows.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		s := bigStudy(n)
		for r := range rooms {
			if n > 100_000 && r != roomTriage {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", r, n), func(b *testing.B) {
				a := benchApp(b, s, r)
				down, up := keyMsg("down"), keyMsg("up")
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					if i++; i%1000 < 500 {
						a.Update(down)
					} else {
						a.Update(up)
					}
					a.View()
				}
			})
		}
	}
}

// Target: under 2 ms a redraw. Curves are thinned when they arrive, off the
// screen's goroutine.
func BenchmarkPlotOf20SeriesOf50000Steps(b *testing.B) {
	var all []series
	for k := range 20 {
		s := series{name: fmt.Sprint(k)}
		for i := range 50_000 {
			s.pts = append(s.pts, point{float64(i), 2.3/float64(i/1000+1) + float64(k)/50})
		}
		s.pts = thin(s.pts, curvePoints)
		all = append(all, s)
	}
	p := newPen(newTheme(true, false, false))
	b.ReportAllocs()
	for b.Loop() {
		p.chart(all, 90, 24, true, 0, "")
	}
}

// Target: microseconds a letter, so that a paste that comes as keys is alive.
func BenchmarkKeyInTheSearchBox(b *testing.B) {
	f := newFake()
	a := benchApp(b, f, roomClaims)
	key := keyMsg("x")
	b.ReportAllocs()
	for b.Loop() {
		a.Update(key)
		if len(a.claims.box.left) > 1000 {
			a.claims.box.set("")
		}
	}
}
