package papers

// maxForms bounds how deep forms may paint forms.
const maxForms = 24

// paintObject paints an external object where it is a form.
func (r *run) paintObject(name string) {
	if name == "" || r.res.dict == nil {
		return
	}
	objects := r.res.dict.Key("XObject")
	if r.res.formRefs == nil {
		r.res.formRefs = objects.Refs()
	}
	ref := r.res.formRefs[name]
	if ref != "" && r.paints(ref) {
		return // a form that paints itself
	}
	form := objects.Key(name)
	if form.Kind() != streamKind || form.Key("Subtype").Name() != "Form" || r.depth >= maxForms {
		return
	}
	content, ok := r.in.forms[ref]
	if !ok || ref == "" {
		content, _ = form.Stream() // what a damaged stream gave is painted
		if ref != "" && len(content) < 1<<22 {
			r.in.forms[ref] = content
		}
	}
	inner := &run{in: r.in, outer: r, ref: ref, depth: r.depth + 1, res: r.res}
	if res := form.Key("Resources"); res.Kind() == dictKind {
		inner.res = r.in.resources(res, "")
	}
	inner.g = r.g
	inner.g.ctm = matrixOf(form.Key("Matrix")).mul(r.g.ctm)
	inner.g.tm, inner.g.tlm = identity, identity
	if inner.g.ctm.finite() {
		inner.execute(content)
	}
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
