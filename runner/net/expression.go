package net

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// evaluate computes an expression of numbers, the named values, + - * /, parentheses and sqrt.
func evaluate(text string, values map[string]float64) (float64, error) {
	p := &expression{text: text, rest: strings.TrimSpace(text), values: values}
	v, err := p.sum()
	if err == nil && p.rest != "" {
		err = fmt.Errorf("%q is left over in %q", p.rest, text)
	}
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = fmt.Errorf("%q is not a finite number", text)
	}
	return v, err
}

type expression struct {
	text, rest string
	values     map[string]float64
	deep       int
}

func (p *expression) take(s string) bool {
	after, ok := strings.CutPrefix(p.rest, s)
	if ok {
		p.rest = strings.TrimSpace(after)
	}
	return ok
}

func (p *expression) sum() (float64, error) {
	v, err := p.product()
	for err == nil {
		var w float64
		switch {
		case p.take("+"):
			w, err = p.product()
			v += w
		case p.take("-"):
			w, err = p.product()
			v -= w
		default:
			return v, nil
		}
	}
	return 0, err
}

func (p *expression) product() (float64, error) {
	v, err := p.factor()
	for err == nil {
		var w float64
		switch {
		case p.take("*"):
			w, err = p.factor()
			v *= w
		case p.take("/"):
			w, err = p.factor()
			v /= w
		default:
			return v, nil
		}
	}
	return 0, err
}

func (p *expression) factor() (float64, error) {
	if p.deep++; p.deep > 50 {
		return 0, fmt.Errorf("%q is nested too deeply", p.text)
	}
	defer func() { p.deep-- }()
	switch {
	case p.take("-"):
		v, err := p.factor()
		return -v, err
	case p.take("sqrt"):
		if !strings.HasPrefix(p.rest, "(") {
			return 0, fmt.Errorf("sqrt wants parentheses in %q", p.text)
		}
		v, err := p.factor()
		return math.Sqrt(v), err
	case p.take("("):
		v, err := p.sum()
		if err == nil && !p.take(")") {
			err = fmt.Errorf("a parenthesis is open in %q", p.text)
		}
		return v, err
	}
	word := p.word()
	if v, ok := p.values[word]; ok {
		return v, nil
	}
	if v, err := strconv.ParseFloat(word, 64); err == nil && word != "" && (word[0] == '.' || word[0] >= '0' && word[0] <= '9') {
		return v, nil
	}
	return 0, fmt.Errorf("%q stands where a number or a name should in %q", word+p.rest, p.text)
}

// word takes a number or a name off the front.
func (p *expression) word() string {
	n := 0
	for n < len(p.rest) {
		c := p.rest[n]
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_'
		exponent := (c == '-' || c == '+') && n > 1 && p.rest[n-1] == 'e' && p.rest[0] <= '9'
		if !letter && !exponent {
			break
		}
		n++
	}
	w := p.rest[:n]
	p.rest = strings.TrimSpace(p.rest[n:])
	return w
}
