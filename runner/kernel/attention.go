package kernel

import (
	"fmt"
	"math"
)

// Attention is scaled dot-product attention of sequences that lie one after the other: row b·Steps + t of
// the joint input holds queries, keys and values of position t, each Heads × Wide numbers, head after head.
//
// Scores are kept key × query, so that a query is a lane: largest, exponential and sum run down the keys.
// The backward makes the probabilities again from queries and keys, which costs less than reading them back.
type Attention struct {
	Batch, Steps, Heads, Wide int
	Causal                    bool // a query sees the keys up to its own position only
}

// NewAttention is the attention of rows × joint numbers in batch sequences.
func NewAttention(rows, joint, batch, heads int, causal bool) (*Attention, error) {
	if batch < 1 || heads < 1 || rows < 1 || joint < 1 || rows%batch != 0 || joint%(3*heads) != 0 {
		return nil, fmt.Errorf("%d rows of %d numbers are not queries, keys and values of %d heads in %d sequences", rows, joint, heads, batch)
	}
	return &Attention{Batch: batch, Steps: rows / batch, Heads: heads, Wide: joint / (3 * heads), Causal: causal}, nil
}

// queryBlock is how many queries go together: one block of lanes. Scratch rows are whole blocks, whose
// numbers beside the last query are worth nothing.
const queryBlock = 16

func (a *Attention) padded() int { return (a.Steps + queryBlock - 1) &^ (queryBlock - 1) }

// Scratch is how many numbers of memory Forward and Backward want.
func (a *Attention) Scratch() int { return (2*a.Steps + 2*a.Wide) * a.padded() }

// Forward sets out (rows × Heads·Wide) to the attention of qkv (rows × 3·Heads·Wide).
func (a *Attention) Forward(out, qkv, scratch []float32) { active().attention(a, out, qkv, scratch) }

// Backward sets dqkv to the gradient of qkv, given grad, that of the output.
func (a *Attention) Backward(dqkv, qkv, grad, scratch []float32) {
	active().attentionGrad(a, dqkv, qkv, grad, scratch)
}

// head is one head of one sequence with its scratch memory.
type head struct {
	*Attention
	p             path
	q, k, v       []float32 // from the head's first number on, rows joint apart
	prob, slope   []float32 // key × query, rows ld apart
	turned, other []float32 // Wide × Steps, rows ld apart
	joint, width  int
	ld            int
	scale         float32
}

func (p path) head(a *Attention, qkv, scratch []float32, b, h int) head {
	r := head{Attention: a, p: p, width: a.Heads * a.Wide, ld: a.padded(), scale: float32(1 / math.Sqrt(float64(a.Wide)))}
	r.joint = 3 * r.width
	x := qkv[b*a.Steps*r.joint:][:a.Steps*r.joint]
	at := h * a.Wide
	r.q, r.k, r.v = x[at:], x[r.width+at:], x[2*r.width+at:]
	square, tall := a.Steps*r.ld, a.Wide*r.ld
	r.prob, r.slope = scratch[:square], scratch[square:][:square]
	r.turned, r.other = scratch[2*square:][:tall], scratch[2*square+tall:][:tall]
	return r
}

// keys is how many keys the queries from, from+1, … of one block see, and how many of them all of these see.
func (a *Attention) keys(from int) (n, open int) {
	if a.Causal {
		return min(from+queryBlock, a.Steps), from
	}
	return a.Steps, a.Steps
}

func (p path) attention(a *Attention, out, qkv, scratch []float32) {
	for b := range a.Batch {
		for h := range a.Heads {
			r := p.head(a, qkv, scratch, b, h)
			r.probabilities()
			o := out[b*a.Steps*r.width+h*a.Wide:]
			for from := 0; from < a.Steps; from += queryBlock {
				n := min(queryBlock, a.Steps-from)
				keys, _ := a.keys(from)
				p.strided(o[from*r.width:], r.prob[from:], r.v, n, a.Wide, keys, 1, r.ld, r.joint, r.width)
			}
		}
	}
}

func (p path) attentionGrad(a *Attention, dqkv, qkv, grad, scratch []float32) {
	for b := range a.Batch {
		for h := range a.Heads {
			r := p.head(a, qkv, scratch, b, h)
			d := p.head(a, dqkv, scratch, b, h) // for the places in dqkv
			g := grad[b*a.Steps*r.width+h*a.Wide:]
			r.probabilities()
			r.slopes(g)
			for from := 0; from < a.Steps; from += queryBlock {
				n, first := min(queryBlock, a.Steps-from), 0
				if a.Causal {
					first = from
				}
				keys, _ := a.keys(from)
				p.strided(d.q[from*r.joint:], r.slope[from:], r.k, n, a.Wide, keys, 1, r.ld, r.joint, r.joint)
				at := from*r.ld + first
				p.strided(d.k[from*r.joint:], r.slope[at:], r.q[first*r.joint:], n, a.Wide, a.Steps-first, r.ld, 1, r.joint, r.joint)
				p.strided(d.v[from*r.joint:], r.prob[at:], g[first*r.width:], n, a.Wide, a.Steps-first, r.ld, 1, r.width, r.joint)
			}
		}
	}
}

// probabilities fills prob; keys that no query of a block sees are left as they are.
func (r head) probabilities() {
	r.p.turn(r.turned, r.q, r.Steps, r.Wide, r.ld, r.joint)
	for from := 0; from < r.Steps; from += queryBlock {
		keys, open := r.keys(from)
		r.p.strided(r.prob[from:], r.k, r.turned[from:], keys, queryBlock, r.Wide, r.joint, 1, r.ld, r.ld)
		r.p.softmaxDown(r.prob[from:], keys, r.ld, open, r.scale)
	}
}

// slopes fills slope with the gradient of the scores before scaling; grad is that of the head's output.
func (r head) slopes(grad []float32) {
	r.p.turn(r.other, grad, r.Steps, r.Wide, r.ld, r.width)
	for from := 0; from < r.Steps; from += queryBlock {
		keys, _ := r.keys(from)
		r.p.strided(r.slope[from:], r.v, r.other[from:], keys, queryBlock, r.Wide, r.joint, 1, r.ld, r.ld)
		r.p.softmaxSlope(r.slope[from:], r.prob[from:], keys, r.ld, r.scale)
	}
}

// softmaxDown makes probabilities of scores, m keys × 16 queries in rows ld apart: key i is hidden from
// query j where i > j + open.
func (p path) softmaxDown(s []float32, m, ld, open int, scale float32) {
	_ = s[(m-1)*ld+queryBlock-1]
	if p != portable {
		softmaxDownVector(p, &s[0], open, m-open, 4*ld, scale)
		return
	}
	var most, sum [queryBlock]float32
	for j := range most {
		most[j] = float32(math.Inf(-1))
	}
	for i := range m {
		row := s[i*ld:][:queryBlock]
		for j := max(0, i-open); j < queryBlock; j++ {
			if !(most[j] > row[j]) {
				most[j] = row[j]
			}
		}
	}
	for i := range m {
		row := s[i*ld:][:queryBlock]
		for j, v := range row {
			row[j] = 0
			if i <= j+open {
				row[j] = exp((v - most[j]) * scale)
			}
			sum[j] += row[j]
		}
	}
	for j, v := range sum {
		sum[j] = 1 / v
	}
	for i := range m {
		row := s[i*ld:][:queryBlock]
		for j := range row {
			row[j] *= sum[j]
		}
	}
}

// softmaxSlope turns d, the gradient of 16 queries' probabilities, into that of their scores before scaling:
// scale·prob (d - Σ over keys of prob d).
func (p path) softmaxSlope(d, prob []float32, m, ld int, scale float32) {
	_, _ = d[(m-1)*ld+queryBlock-1], prob[(m-1)*ld+queryBlock-1]
	if p != portable {
		softmaxSlopeVector(p, &d[0], &prob[0], m, 4*ld, scale)
		return
	}
	var sum [queryBlock]float32
	for i := range m {
		dr, pr := d[i*ld:][:queryBlock], prob[i*ld:][:queryBlock]
		for j, v := range dr {
			sum[j] += float32(v * pr[j])
		}
	}
	for i := range m {
		dr, pr := d[i*ld:][:queryBlock], prob[i*ld:][:queryBlock]
		for j, v := range dr {
			dr[j] = float32(scale*pr[j]) * (v - sum[j])
		}
	}
}

// turn sets dst (rows ldd apart) to the transpose of the first n columns of src, m rows lds apart.
func (p path) turn(dst, src []float32, m, n, ldd, lds int) {
	mm, nn := 0, 0
	if p != portable && m >= 8 && n >= 8 {
		mm, nn = m&^7, n&^7
		_, _ = dst[(nn-1)*ldd+mm-1], src[(mm-1)*lds+nn-1]
		transposeVector(p, &dst[0], &src[0], mm, nn, 4*ldd, 4*lds)
	}
	for i := range m {
		from := 0
		if i < mm {
			from = nn
		}
		for j := from; j < n; j++ {
			dst[j*ldd+i] = src[i*lds+j]
		}
	}
}

// strided is c = a b inside larger matrices: number i, q of a lies at i·down + q·along, the rows of b and c
// are ldb and ldc apart.
func (p path) strided(c, a, b []float32, m, n, k, down, along, ldb, ldc int) {
	if m == 0 || n == 0 || k == 0 {
		return
	}
	_, _, _ = c[(m-1)*ldc+n-1], a[(m-1)*down+(k-1)*along], b[(k-1)*ldb+n-1]
	if p != portable {
		stripVector(p, &c[0], &a[0], &b[0], m, n, k, 4*down, 4*along, 4*ldb, 4*ldc)
		return
	}
	for i := range m {
		out := c[i*ldc:][:n]
		for j := range out {
			var s float32
			for q := range k {
				s = fma(a[i*down+q*along], b[q*ldb+j], s)
			}
			out[j] = s
		}
	}
}
