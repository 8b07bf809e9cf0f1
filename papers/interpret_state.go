package papers

import "tenet/papers/layout"

// A graphicsState is the part of the graphics state that text depends on.
type graphicsState struct {
	ctm       matrix
	font      *font
	size      float64
	charSpace float64
	wordSpace float64
	scale     float64 // horizontal, 1 = 100 %
	leading   float64
	rise      float64
	mode      int
}

// A run is one content stream being executed: a page's, a form's, a glyph
// procedure's.
type run struct {
	in    *interpreter
	res   *resources
	outer *run // the run that painted this form
	ref   string
	depth int

	g     state
	stack []graphicsState
	args  []operand
	elems []operand // of arrays among args
	marks []mark    // open marked content
}

// A state is the graphics state and the text matrices.
type state struct {
	graphicsState
	tm, tlm matrix
}

func (s *state) reset(ctm matrix) {
	s.graphicsState = graphicsState{ctm: ctm, scale: 1}
	s.tm, s.tlm = identity, identity
}

// maxStates bounds the q/Q stack.
const maxStates = 512

func (r *run) save() {
	if len(r.stack) < maxStates {
		r.stack = append(r.stack, r.g.graphicsState)
	}
}

func (r *run) restore() {
	if n := len(r.stack); n > 0 {
		r.g.graphicsState = r.stack[n-1]
		r.stack = r.stack[:n-1]
	}
}

// A mark is one level of marked content.
type mark struct {
	actual    string // replacement text
	hasActual bool
	artifact  bool
	unseen    bool // a layer that is switched off
	from      int  // glyphs painted before it
}

// marked tells what the open marks say, those of the run that painted this one
// included: whether what is painted now is an artifact, and whether it is switched off.
func (r *run) marked() (artifact, unseen bool) {
	for s := r; s != nil; s = s.outer {
		for i := range s.marks {
			artifact = artifact || s.marks[i].artifact
			unseen = unseen || s.marks[i].unseen
		}
	}
	return artifact, unseen
}

// beginMark opens marked content.
func (r *run) beginMark(tag string, props *operand) {
	m := mark{artifact: tag == "Artifact", from: len(r.in.glyphs)}
	if props != nil && props.kind == tokDictOpen && props.hasText {
		m.actual, m.hasActual = decodeText(string(props.s)), true
	} else if props != nil && props.kind == tokName && r.res.dict != nil {
		lists := r.res.dict.Key("Properties")
		if a := lists.Key(string(props.s)).Key("ActualText"); a.Kind() == stringKind {
			m.actual, m.hasActual = decodeText(a.Raw()), true
		}
		m.unseen = tag == "OC" && r.in.layers.off(lists, string(props.s))
	}
	if len(r.marks) < maxStates {
		r.marks = append(r.marks, m)
	}
}

// endMark closes marked content. Replacement text goes to the first glyph of
// the span, the others fall silent but keep their place.
func (r *run) endMark() {
	n := len(r.marks)
	if n == 0 {
		return
	}
	m := r.marks[n-1]
	r.marks = r.marks[:n-1]
	if !m.hasActual || m.from >= len(r.in.glyphs) {
		return
	}
	replaceText(r.in.glyphs[m.from:], m.actual)
}

func replaceText(span []layout.Glyph, text string) {
	var have string
	for i := range span {
		have += span[i].Text
		if len(have) > 4096 {
			return // a whole section under one replacement is no replacement
		}
	}
	if have == text {
		return
	}
	for i := range span {
		span[i].Text = ""
	}
	span[0].Text = text
}
