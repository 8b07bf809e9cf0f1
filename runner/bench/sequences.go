package bench

import "math"

// positions is how long the sequences of the comparison are.
const positions = 64

// text has tokens as inputs and as labels those that come next. A token is the rank of its byte among those
// that occur in the whole text.
func (o Options) text(need int) (rows, error) {
	const size = 1115394
	all, err := o.unpacked("tinyshakespeare.txt.gz", size)
	if err != nil {
		return rows{}, err
	}
	var rank [256]float32
	for _, b := range all {
		rank[b] = 1
	}
	n := float32(0)
	for b, occurs := range rank {
		rank[b] = n
		n += occurs
	}
	all = all[:min(need*positions+1, size)]
	ids := make([]float32, len(all))
	for i, b := range all {
		ids[i] = rank[b]
	}
	return windows(ids), nil
}

// drawnText is text of nothing.
func drawnText(count int) rows {
	ids := make([]float32, count*positions+1)
	for i := range ids {
		ids[i] = float32(draw(5000, uint64(i)) % tokens)
	}
	return windows(ids)
}

func windows(ids []float32) rows {
	count := (len(ids) - 1) / positions
	return rows{x: ids[:count*positions], label: ids[1:][:count*positions], width: positions, each: positions, count: count}
}

// ring is a batch for a gan: latent numbers, and as label real points, eight heaps on a circle of radius 2.
func ring(i, n int) batch {
	b := batch{}
	for j := range n {
		k := math.Floor(8 * uniform(2000+uint64(i), uint64(j)))
		s, c := math.Sincos(k * math.Pi / 4)
		for axis, at := range []float64{2 * c, 2 * s} {
			b.label = append(b.label, float32(at+0.1*normal(3000+uint64(i), uint64(2*j+axis))))
		}
	}
	for k := range n * latent {
		b.x = append(b.x, float32(normal(4000+uint64(i), uint64(k))))
	}
	return b
}
