package intro

import (
	"fmt"
	"strings"
	"time"

	"tenet/papers/pdfwrite"
)

// PDF sets the paper. It gives the same bytes each time, and is not compressed, so that they do not depend on the compressor either.
func PDF() []byte {
	d := pdfwrite.New(pdfwrite.Options{
		Info: pdfwrite.Info{
			Title: Title, Authors: []string{byline}, Subject: "Why skip connections work, when they do not, and how to find out", Keywords: "skip connection, residual network, depth, U-Net, gate",
			Created: time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC), XMP: true,
		},
		Columns: 2, Justify: true, Hyphenate: true, Hyphens: hyphens(), Ligatures: true, PageNumbers: true, RunningHead: Title,
	})
	d.Front(Title, []string{byline}, abstract)
	for _, it := range items() {
		switch it.kind {
		case heading:
			d.Heading(1, it.text)
		case paragraph:
			d.Paragraph(it.text)
		case figure:
			d.Figure(112, drawBlocks)
			d.Caption(it.text)
		case table:
			d.Table([][]string{{"layers", "plain", "with skips"}, {"18", "27.94", "27.88"}, {"34", "28.54", "25.03"}})
			d.Caption(it.text)
		}
	}
	d.Heading(1, "References")
	for _, r := range references() {
		d.Reference("", r.text)
	}
	mark(d, "because the correlation between them decays exponentially with depth.", "Reason for depth being hard; compare with the vanishing-gradient story.")
	mark(d, "Therefore the deeper the stack, the smaller each write should start.", "")
	return d.Bytes(pdfwrite.Form{})
}

// mark highlights a sentence, so that the demo has marks of a reader to take over.
func mark(d *pdfwrite.Doc, quote, note string) {
	if err := d.Highlight("Highlight", quote, note); err != nil {
		panic("intro: unreachable: " + err.Error()) // the quotes stand in the text, and a test sets it
	}
}

// drawBlocks draws a plain block and a residual block side by side.
func drawBlocks(c *pdfwrite.Canvas, left, bottom, width float64) {
	plain, residual := left+width*0.22, left+width*0.66
	for _, x := range []float64{plain, residual} {
		for i, name := range []string{"layer", "layer"} {
			y := bottom + 72 - float64(i)*34
			c.Raw(fmt.Sprintf("q 0.93 g 0.5 w %.1f %.1f 60 18 re B Q", x-30, y))
			c.Text(x-10, y+6, pdfwrite.Font{Family: pdfwrite.Helvetica}, 8, name)
			arrow(c, x, y+34, y+18)
		}
		arrow(c, x, bottom+38, bottom+22)
	}
	// The skip: out before the first layer, down the side, back in at the sum.
	c.Raw(fmt.Sprintf("q 1 w %.1f %.1f m %.1f %.1f %.1f %.1f %.1f %.1f c %.1f %.1f l %.1f %.1f %.1f %.1f %.1f %.1f c S Q",
		residual, bottom+100, residual+52, bottom+100, residual+52, bottom+100, residual+52, bottom+84,
		residual+52, bottom+30, residual+52, bottom+15, residual+52, bottom+15, residual+7, bottom+15))
	circle(c, residual, bottom+15, 7)
	c.Text(residual-2.3, bottom+12.5, pdfwrite.Font{Family: pdfwrite.Helvetica}, 8, "+")
	c.Text(residual+56, bottom+52, pdfwrite.Font{Family: pdfwrite.Helvetica}, 8, "skip")
	c.Text(plain-10, bottom, pdfwrite.Font{Family: pdfwrite.Helvetica, Italic: true}, 8, "plain")
	c.Text(residual-15, bottom, pdfwrite.Font{Family: pdfwrite.Helvetica, Italic: true}, 8, "residual")
}

func arrow(c *pdfwrite.Canvas, x, from, to float64) {
	c.Raw(fmt.Sprintf("q 0.7 w %.1f %.1f m %.1f %.1f l S 0 g %.1f %.1f m %.1f %.1f l %.1f %.1f l f Q", x, from, x, to+3, x-2.5, to+4, x+2.5, to+4, x, to))
}

func circle(c *pdfwrite.Canvas, x, y, r float64) {
	k := 0.5523 * r // control points of a quarter circle
	c.Raw(fmt.Sprintf("q 1 g 0.7 w %.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c b Q",
		x+r, y, x+r, y+k, x+k, y+r, x, y+r, x-k, y+r, x-r, y+k, x-r, y, x-r, y-k, x-k, y-r, x, y-r, x+k, y-r, x+r, y-k, x+r, y))
}

// hyphens lists where the longer words may break.
func hyphens() map[string]string {
	list := `con-nec-tion con-nec-tions net-work net-works train-able train-ing train-ed re-sid-ual high-way dense-ly con-nect-ed fea-tures ap-pend-ed ap-pend ap-pend-ing
		re-cur-rent con-tent pro-tect un-want-ed ear-li-er ex-press prof-it-ing found over-fit-ting nor-mal-isa-tion gra-di-ents gra-di-ent van-ish ex-pla-na-tion sharp-er
		ac-count near-by cor-re-la-tion de-cays ex-po-nen-tial-ly ex-am-ple neigh-bour change changes use-ful pic-ture de-pends ful-ly fluc-tu-ate re-cip-ro-cal trou-ble
		sur-faces con-vex cha-ot-ic smooth de-gen-er-ate di-rec-tions rea-son rea-sons ex-changed de-pen-dent eas-i-ly sim-plest sig-nal un-changed iden-ti-ty what-ever
		proj-ects mul-ti-plies fac-tors short-cuts short-cut weights at-ten-tion strong-ly lay-ers to-kens vec-tor dou-bly pre-vent ever af-ter-wards sug-gests val-ue learn-ing
		func-tion care-ful ini-tial con-vo-lu-tion-al thou-sand trans-form-ers trans-form-er usu-al sev-er-al vari-ance dou-bles bur-ied there-fore shrinks rel-a-tive branch-es
		sta-bil-i-ty with-out scal-ing fur-thest num-ber ob-served lean-ing light-ly lim-it-ed han-dle mat-ters mem-o-ry suf-fer refin-ing to-geth-er over-writes de-scribe
		im-prove ad-di-tion ev-ery-thing writ-ten nar-row sen-si-ble re-sult bet-ter dif-fer-ent sur-vive de-cides de-ci-sion re-place ex-act-ly with-in hold-ing po-si-tion
		for-gets quick-ly bot-tle-neck prob-lem im-age ex-act-ly res-o-lu-tion de-tail some-where seg-men-ta-tion re-store ar-gu-ment use-less name-ly tar-get coars-er in-deed
		de-cod-er en-cod-er match-ing dif-fu-sion al-though cru-cial re-pairs deficit ac-cu-rate shal-low in-di-vid-ual in-dis-pens-able where-as de-stroyed de-stroy-ing col-lec-tion
		stochas-tic nev-er-the-less com-mit-tee in-de-pen-dent mem-bers mem-bers to-geth-er ben-e-fit ex-plodes col-lides de-signs mea-sured pre-dic-tions ex-per-i-ments ex-per-i-ment
		rough-ly be-come be-comes res-cal-ing res-cue re-writ-ten prin-ci-ple re-fute hav-ing in-tro-duc-tion de-nois-ing ab-strac-tion mod-els ne-glect back-bone car-ries`
	m := map[string]string{}
	for w := range strings.FieldsSeq(list) {
		m[strings.ReplaceAll(w, "-", "")] = w
	}
	return m
}
