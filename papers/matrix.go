package papers

import "math"

// A matrix is [a b c d e f] of ISO 32000-1 §8.3.3: (x, y) goes to
// (ax+cy+e, bx+dy+f).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// mul is "first m, then n".
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// at carries a point over.
func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// along carries a direction over.
func (m matrix) along(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y, m[1]*x + m[3]*y
}

func (m matrix) finite() bool {
	for _, v := range m {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return false
		}
	}
	return true
}

func matrixOf(v value) matrix {
	if v.Len() < 6 {
		return identity
	}
	var m matrix
	for i := range m {
		m[i] = v.Index(i).Float()
	}
	if !m.finite() {
		return identity
	}
	return m
}

// pageMatrix carries user space to the page as shown: points, origin top left,
// y downwards, the rotation applied.
func pageMatrix(p pageObject) (m matrix, width, height float64) {
	b := p.MediaBox
	w, h := b[2]-b[0], b[3]-b[1]
	switch p.Rotate {
	case 90:
		return matrix{0, 1, 1, 0, -b[1], -b[0]}, h, w
	case 180:
		return matrix{-1, 0, 0, 1, b[2], -b[1]}, w, h
	case 270:
		return matrix{0, -1, -1, 0, b[3], b[2]}, h, w
	}
	return matrix{1, 0, 0, -1, -b[0], b[3]}, w, h
}
