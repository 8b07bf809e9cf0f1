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

// Scratch is how many numbers of memory Forward and Backward want.
func (a *Attention) Scratch() int { return 2*a.Steps*a.Steps + 2*a.Wide*a.Steps + 2*a.Steps }

// queryBlock is how many queries go together: one block of lanes.
const queryBlock = 16

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
	prob, slope   []float32 // key × query
	turned, other []float32 // Wide × Steps
	most, sum     []float32 // one per query
	joint, width  int
}

func (p path) head(a *Attention, qkv, scratch []float32, b, h int) head {
	width := a.Heads * a.Wide
	joint := 3 * width
	x := qkv[b*a.Steps*joint:][:a.Steps*joint]
	at := h * a.Wide
	r := head{Attention: a, p: p, q: x[at:], k: x[width+at:], v: x[2*width+at:], joint: joint, width: width}
	for _, part := range []struct {
		to   *[]float32
		size int
	}{{&r.prob, a.Steps * a.Steps}, {&r.slope, a.Steps * a.Steps}, {&r.turned, a.Wide * a.Steps}, {&r.other, a.Wide * a.Steps}, {&r.most, a.Steps}, {&r.sum, a.Steps}} {
		*part.to, scratch = scratch[:part.size], scratch[part.size:]
	}
	return r
}

// keys is how many keys the queries from, from+1, … of one block see.
func (a *Attention) keys(from int) int {
	if a.Causal {
		return min(from+queryBlock, a.Steps)
	}
	return a.Steps
}

func (p path) attention(a *Attention, out, qkv, scratch []float32) {
	for b := range a.Batch {
		for h := range a.Heads {
			r := p.head(a, qkv, scratch, b, h)
			r.probabilities()
			o := out[b*a.Steps*r.width+h*a.Wide:]
			for from := 0; from < a.Steps; from += queryBlock {
				n := min(queryBlock, a.Steps-from)
				p.strided(o[from*r.width:], r.prob[from:], r.v, n, a.Wide, a.keys(from), 1, a.Steps, r.joint, r.width)
			}
		}
	}
}

func (p path) attentionGrad(a *Attention, dqkv, qkv, grad, scratch []float32) {
	for b := range a.Batch {
		for h := range a.Heads {
			r := p.head(a, qkv, scratch, b, h)
			d := p.head(a, dqkv, scratch, b, h) // for the places in dqkv
			r.probabilities()
			g := grad[b*a.Steps*r.width+h*a.Wide:]
			turn(r.other, g, a.Steps, a.Wide, r.width)
			for from := 0; from < a.Steps; from += queryBlock {
				n, keys := min(queryBlock, a.Steps-from), a.keys(from)
				p.strided(r.slope[from:], r.v, r.other[from:], keys, n, a.Wide, r.joint, 1, a.Steps, a.Steps)
				p.softmaxSlope(r.slope[from:], r.prob[from:], r.sum[from:], keys, n, a.Steps, r.scale())
				p.strided(d.q[from*r.joint:], r.slope[from:], r.k, n, a.Wide, keys, 1, a.Steps, r.joint, r.joint)
			}
			for from := 0; from < a.Steps; from += queryBlock {
				n, first := min(queryBlock, a.Steps-from), 0
				if a.Causal {
					first = from
				}
				p.strided(d.k[from*r.joint:], r.slope[from*a.Steps+first:], r.q[first*r.joint:], n, a.Wide, a.Steps-first, a.Steps, 1, r.joint, r.joint)
				p.strided(d.v[from*r.joint:], r.prob[from*a.Steps+first:], g[first*r.width:], n, a.Wide, a.Steps-first, a.Steps, 1, r.width, r.joint)
			}
		}
	}
}

func (a *Attention) scale() float32 { return float32(1 / math.Sqrt(float64(a.Wide))) }

// probabilities fills prob; numbers of keys that no query of a block sees are left as they are.
func (r head) probabilities() {
	turn(r.turned, r.q, r.Steps, r.Wide, r.joint)
	for from := 0; from < r.Steps; from += queryBlock {
		n, keys := min(queryBlock, r.Steps-from), r.keys(from)
		r.p.strided(r.prob[from:], r.k, r.turned[from:], keys, n, r.Wide, r.joint, 1, r.Steps, r.Steps)
		hidden := keys
		if r.Causal {
			hidden = from
		}
		r.p.softmaxDown(r.prob[from:], r.most[from:], r.sum[from:], keys, n, r.Steps, hidden, r.scale())
	}
}

// softmaxDown makes probabilities of scores s, m keys × n queries in rows ld apart: key i is hidden from
// query j where i > j + diagonal.
func (p path) softmaxDown(s, most, sum []float32, m, n, ld, diagonal int, scale float32) {
	most, sum = most[:n], sum[:n]
	for j := range n {
		most[j], sum[j] = float32(math.Inf(-1)), 0
	}
	for i := range m {
		row := s[i*ld:][:n]
		for j := range row {
			if i <= j+diagonal && !(most[j] > row[j]) {
				most[j] = row[j]
			}
		}
	}
	for i := range m {
		row := s[i*ld:][:n]
		for j, v := range row {
			row[j] = 0
			if i <= j+diagonal {
				row[j] = exp((v - most[j]) * scale)
			}
			sum[j] += row[j]
		}
	}
	for j, v := range sum {
		sum[j] = 1 / v
	}
	for i := range m {
		row := s[i*ld:][:n]
		for j := range row {
			row[j] *= sum[j]
		}
	}
}

// softmaxSlope turns d, the gradient of probabilities p, into that of the scores before scaling:
// scale·p (d - Σ over keys of p d).
func (p path) softmaxSlope(d, prob, sum []float32, m, n, ld int, scale float32) {
	sum = sum[:n]
	clear(sum)
	for i := range m {
		dr, pr := d[i*ld:][:n], prob[i*ld:][:n]
		for j, v := range dr {
			sum[j] += float32(v * pr[j])
		}
	}
	for i := range m {
		dr, pr := d[i*ld:][:n], prob[i*ld:][:n]
		for j, v := range dr {
			dr[j] = float32(scale*pr[j]) * (v - sum[j])
		}
	}
}

// turn sets dst (n × m) to the transpose of the first n columns of src, m rows ld apart.
func turn(dst, src []float32, m, n, ld int) {
	for i := range m {
		for j, v := range src[i*ld:][:n] {
			dst[j*m+i] = v
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
		productVector(p, &c[0], &a[0], &b[0], nil, nil, nil, m, n, k, 4*down, 4*along, 4*ldb, 4*ldc, 0, 0, 0, 0)
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
