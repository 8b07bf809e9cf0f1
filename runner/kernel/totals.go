package kernel

// ChannelTotals sets dst (m) to the sum of each channel of x: number j of a channel goes to lane j mod 64;
// lanes are added sixteen by sixteen, crosswise, and then folded.
func ChannelTotals(dst, x []float32, m int) { active().channelTotals(dst[:m], x, m) }

func (p path) channelTotals(dst, x []float32, m int) {
	n := len(x) / max(m, 1)
	switch {
	case n == 0:
		clear(dst)
		return
	case p != portable:
		channelTotalsVector(p, &dst[0], &x[0], m, n)
		return
	}
	for i := range m {
		var s [4][16]float32
		for j, v := range x[i*n:][:n] {
			s[j>>4&3][j&15] += v
		}
		for l := range s[0] {
			s[0][l] = (s[0][l] + s[2][l]) + (s[1][l] + s[3][l])
		}
		dst[i] = folded(&s[0])
	}
}
