package tui

// vlist is the cursor and window of a list whose rows live elsewhere: it knows
// how many there are and draws only those in sight, so its cost does not
// depend on the list's length.
type vlist struct{ n, cur, top int }

// resize sets the length and keeps the cursor inside it.
func (v *vlist) resize(n int) {
	v.n = n
	v.cur = max(0, min(v.cur, n-1))
	v.top = max(0, min(v.top, n-1))
}

// move goes d rows down, stopping at the ends.
func (v *vlist) move(d int) { v.to(v.cur + d) }

// to puts the cursor on row i, or the nearest there is.
func (v *vlist) to(i int) { v.cur = max(0, min(i, v.n-1)) }

// window gives the rows [lo, hi) to draw in h lines, with the cursor in sight.
func (v *vlist) window(h int) (lo, hi int) {
	if h <= 0 || v.n == 0 {
		return 0, 0
	}
	if v.cur < v.top {
		v.top = v.cur
	}
	if v.cur >= v.top+h {
		v.top = v.cur - h + 1
	}
	v.top = max(0, min(v.top, v.n-h))
	return v.top, min(v.top+h, v.n)
}
