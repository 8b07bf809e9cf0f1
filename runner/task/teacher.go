package task

import (
	"context"

	"tenet/runner/kernel"
)

// The sizes of D3: inputs, the teacher's hidden numbers and its outputs.
const (
	teacherIn     = 16
	teacherHidden = 32
	teacherOut    = 8
)

// teacher is D3's fixed function: tanh(V relu(2 U x)), or V U x where it needs no depth; rows times matrices.
type teacher struct {
	u, v   []float32
	linear bool
	carry  bool // the input follows the teacher's outputs in the target
	hidden []float32
	taught []float32
}

func newTeacher(o Options, c *chance, most int) *teacher {
	t := &teacher{
		u: make([]float32, teacherIn*teacherHidden), v: make([]float32, teacherHidden*teacherOut),
		linear: o.Target == TargetLinear, carry: o.Target == "",
		hidden: make([]float32, most*teacherHidden), taught: make([]float32, most*teacherOut),
	}
	gain := 2.0
	if t.linear {
		gain = 1
	}
	c.normals(t.u, gain/4)
	c.normals(t.v, 1./4)
	return t
}

func (t *teacher) out() int {
	if t.carry {
		return teacherOut + teacherIn
	}
	return teacherOut
}

// teach fills x with new points and y with what they should give.
func (t *teacher) teach(x, y []float32, c *chance) {
	c.normals(x, 1)
	rows := len(x) / teacherIn
	h, a := t.hidden[:rows*teacherHidden], t.taught[:rows*teacherOut]
	kernel.MulNN(h, x, t.u, rows, teacherHidden, teacherIn, kernel.Finish{})
	if !t.linear {
		kernel.Relu(h, h)
	}
	kernel.MulNN(a, h, t.v, rows, teacherOut, teacherHidden, kernel.Finish{})
	if !t.linear {
		kernel.TanhForward(a, a)
	}
	w := t.out()
	for r := range rows {
		copy(y[r*w:], a[r*teacherOut:][:teacherOut])
		if t.carry {
			copy(y[r*w+teacherOut:], x[r*teacherIn:][:teacherIn])
		}
	}
}

func (t *teacher) part(rows int, c *chance) part {
	p := part{x: make([]float32, rows*teacherIn), y: make([]float32, rows*t.out()), in: teacherIn, out: t.out(), rows: rows}
	t.teach(p.x, p.y, c)
	return p
}

// lessons deals fresh points.
type lessons struct {
	*teacher
	c *chance
}

func (l *lessons) next(x, y []float32) { l.teach(x, y, l.c) }
func (l *lessons) archive(a *archive)  { l.c.archive(a) }

func loadTeacher(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	k := t.Task
	te := newTeacher(k.Options, newChance(seeds("teacher")), max(k.Batch, k.Test, k.Validation))
	return &material{
		deal:       &lessons{te, newChance(seeds("order"))},
		validation: te.part(k.Validation, newChance(seeds("validation"))),
		test:       te.part(k.Test, newChance(seeds("eval"))),
		tally: func() tally {
			all := column{TestMSE, 0, te.out()}
			if !te.carry {
				return &squares{width: te.out(), cols: []column{all, {TeacherMSE, 0, teacherOut}}}
			}
			return &squares{width: te.out(), cols: []column{{CarryMSE, teacherOut, te.out()}, {TeacherMSE, 0, teacherOut}, all}, first: true}
		},
	}, nil
}
