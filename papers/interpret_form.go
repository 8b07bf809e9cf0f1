package papers

// maxForms bounds how deep forms may paint forms.
const maxForms = 24

// maxKept bounds the form content kept for the next painting.
const maxKept = 64 << 20

// A paintedForm is a form XObject made ready: its content decoded, its resources
// found. A nil *paintedForm is an object that is no form.
type paintedForm struct {
	content   []byte
	matrix    matrix
	resources *resources // nil: those of the page apply
	ref       string
	unseen    bool // belongs to a layer that is switched off
}

// paintObject paints an external object where it is a form.
func (r *run) paintObject(name string) {
	if name == "" || r.res.dict == nil || r.depth >= maxForms {
		return
	}
	f, known := r.res.forms[name]
	if !known {
		f = r.in.findForm(r.res, name)
		r.res.forms[name] = f
	}
	if f == nil || f.unseen || f.ref != "" && r.paints(f.ref) {
		return // no form, one that is switched off, or one that paints itself
	}
	inner := &run{in: r.in, outer: r, ref: f.ref, depth: r.depth + 1, res: r.res}
	if f.resources != nil {
		inner.res = f.resources
	}
	inner.g = r.g
	inner.g.ctm = f.matrix.mul(r.g.ctm)
	inner.g.tm, inner.g.tlm = identity, identity
	if inner.g.ctm.finite() {
		inner.execute(f.content)
	}
}

// findForm reads the form with the given name.
func (in *interpreter) findForm(res *resources, name string) *paintedForm {
	objects := res.dict.Key("XObject")
	if res.formRefs == nil {
		res.formRefs = objects.Refs()
	}
	ref := res.formRefs[name]
	if f, ok := in.forms[ref]; ok && ref != "" {
		return f
	}
	var f *paintedForm
	if form := objects.Key(name); form.Kind() == streamKind && form.Key("Subtype").Name() == "Form" {
		f = &paintedForm{matrix: matrixOf(form.Key("Matrix")), ref: ref}
		f.unseen = in.layers.off(form, "OC")
		f.content, _ = form.Stream() // what a damaged stream gave is painted
		if d := form.Key("Resources"); d.Kind() == dictKind {
			f.resources = in.resources(d, form.Refs()["Resources"])
		}
	}
	if f != nil {
		in.kept += len(f.content)
	}
	if ref != "" && in.kept < maxKept {
		in.forms[ref] = f
	}
	return f
}

// paints tells whether the form is being painted already.
func (r *run) paints(ref string) bool {
	for s := r; s != nil; s = s.outer {
		if s.ref == ref {
			return true
		}
	}
	return false
}
