package task

// shapeClasses are disc, ring, square, triangle and cross: what D5 draws when told to do without CIFAR-10.
const shapeClasses = 5

// drawShapes draws pictures in the records of CIFAR-10: a shape in one colour on another, of any size and
// place, with noise in its brightness.
func drawShapes(t Task, c *chance) []byte {
	n := t.Train + t.Validation + t.Test
	all := make([]byte, n*recordSize)
	z := bell()
	for i := range n {
		rec := all[i*recordSize:][:recordSize]
		class := i % shapeClasses
		rec[0] = byte(class)
		size := 5 + 7*c.uniform()
		row, col := size+(32-2*size)*c.uniform(), size+(32-2*size)*c.uniform()
		var ink, ground [3]float64
		for k := range ink {
			ground[k] = 255 * c.uniform()
			ink[k] = 255 * c.uniform()
		}
		for p := range 1024 {
			colours := ground
			if covers(class, (float64(p/32)+0.5-row)/size, (float64(p%32)+0.5-col)/size) {
				colours = ink
			}
			light := float64(24 * z.normal(c))
			for k, v := range colours {
				rec[1+k*1024+p] = byte(min(max(v+light, 0), 255))
			}
		}
	}
	return all
}

// covers says whether a shape of size 1 around 0 covers a point; rows grow downwards.
func covers(class int, y, x float64) bool {
	q := float64(x*x) + float64(y*y)
	switch class {
	case 0:
		return q <= 1
	case 1:
		return q <= 1 && q >= 0.36
	case 2:
		return max(x, -x) <= 0.8 && max(y, -y) <= 0.8
	case 3:
		return y <= 0.8 && 2*max(x, -x) <= y+1
	}
	return max(x, -x) <= 1 && max(y, -y) <= 0.3 || max(y, -y) <= 1 && max(x, -x) <= 0.3
}
