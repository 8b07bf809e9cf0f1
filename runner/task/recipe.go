package task

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Recipe is how weights move: an optimiser, its constants, a schedule of the learning rate and a bound on
// the gradient.
type Recipe struct {
	Optimiser    string // one of the words below
	Beta1, Beta2 float64
	Momentum     float64
	Decay        float64 // of the weights
	Decoupled    bool    // decay is taken off the weights, not added to the gradient
	Schedule     string
	Warmup       int       // steps in which the rate rises from 0
	Drops        []float64 // shares of the training after which a step schedule drops
	Factor       float64   // of each drop
	Clip         float64   // bound on the norm of the whole gradient; 0: none
}

// The words of a recipe.
const (
	Adam  = "adam"
	AdamW = "adamw"
	SGD   = "sgd"
	Unit  = "layer-normalised momentum"

	Constant = "constant"
	Steps    = "step"
	Cosine   = "cosine"
)

func adam() Recipe {
	return Recipe{Optimiser: Adam, Beta1: 0.9, Beta2: 0.999, Schedule: Constant}
}

// With changes r by what a study says in words; an empty text changes nothing.
//
//	optimiser: adam, beta 0.9 and 0.999, no decay · sgd, momentum 0.9, decay 0.0001 · adamw, decay 0.01
//	           sgd, momentum 0.9, decoupled decay 0.0001 · layer-normalised momentum
//	schedule:  constant · cosine · step, times 0.1 at 0.5 and 0.75 · warm-up 100, then cosine
//	clip:      none · global norm 1
func (r Recipe) With(optimiser, schedule, clip string) (Recipe, error) {
	var err error
	if optimiser != "" {
		if r, err = r.optimiser(optimiser); err != nil {
			return r, err
		}
	}
	if schedule != "" {
		if r, err = r.schedule(schedule); err != nil {
			return r, err
		}
	}
	return r.clip(clip)
}

func (r Recipe) optimiser(text string) (Recipe, error) {
	parts := clauses(text)
	bad := func(why string) (Recipe, error) {
		return r, fmt.Errorf("runner/task: optimiser %q: %s", text, why)
	}
	r.Beta1, r.Beta2, r.Momentum, r.Decay, r.Decoupled = 0, 0, 0, 0, false
	r.Optimiser = parts[0]
	switch r.Optimiser {
	case Adam:
		r.Beta1, r.Beta2 = 0.9, 0.999
	case AdamW:
		r.Beta1, r.Beta2, r.Decoupled = 0.9, 0.999, true
	case SGD:
	case Unit:
		r.Momentum = 0.9
	default:
		return bad(fmt.Sprintf("%q is not one of %s, %s, %s, %s", parts[0], Adam, AdamW, SGD, Unit))
	}
	for _, c := range parts[1:] {
		words := strings.Fields(c)
		if c == "no decay" {
			continue
		}
		if words[0] == "decoupled" && r.Optimiser == SGD {
			r.Decoupled = true
			words = words[1:]
		}
		numbers, ok := trailing(words)
		switch {
		case ok && words[0] == "beta" && len(numbers) == 2 && r.Beta1 > 0 && numbers[0] < 1 && numbers[1] < 1:
			r.Beta1, r.Beta2 = numbers[0], numbers[1]
		case ok && words[0] == "momentum" && len(numbers) == 1 && (r.Optimiser == SGD || r.Optimiser == Unit) && numbers[0] < 1:
			r.Momentum = numbers[0]
		case ok && words[0] == "decay" && len(numbers) == 1 && (r.Optimiser == SGD || r.Optimiser == AdamW):
			r.Decay = numbers[0]
		default:
			return bad(fmt.Sprintf("%q is no constant of %s", c, r.Optimiser))
		}
	}
	return r, nil
}

func (r Recipe) schedule(text string) (Recipe, error) {
	bad := func(why string) (Recipe, error) {
		return r, fmt.Errorf("runner/task: schedule %q: %s", text, why)
	}
	r.Schedule, r.Warmup, r.Drops, r.Factor = Constant, 0, nil, 0
	for i, c := range clauses(text) {
		words := strings.Fields(strings.TrimPrefix(c, "then "))
		numbers, ok := trailing(words)
		switch {
		case len(words) == 1 && (words[0] == Constant || words[0] == Cosine || words[0] == Steps):
			r.Schedule = words[0]
		case words[0] == "warm-up" && i == 0 && ok && len(numbers) == 1 && numbers[0] >= 1 && numbers[0] == math.Trunc(numbers[0]):
			r.Warmup = int(numbers[0])
		case words[0] == "times" && r.Schedule == Steps && len(words) > 3 && words[2] == "at":
			f, err := strconv.ParseFloat(words[1], 64)
			at, ok := trailing(words[2:])
			if err != nil || !ok || !(f > 0 && f < 1) || !slices.IsSorted(at) || at[len(at)-1] >= 1 {
				return bad("a drop is like times 0.1 at 0.5 and 0.75, shares of the training")
			}
			r.Factor, r.Drops = f, at
		default:
			return bad(fmt.Sprintf("%q is none of constant, cosine, step, warm-up", c))
		}
	}
	if r.Schedule == Steps && len(r.Drops) == 0 {
		return bad("a step schedule says where it drops: step, times 0.1 at 0.5 and 0.75")
	}
	return r, nil
}

func (r Recipe) clip(text string) (Recipe, error) {
	rest, isNorm := strings.CutPrefix(text, "global norm ")
	switch {
	case text == "":
	case text == "none" || strings.HasPrefix(text, "none "):
		r.Clip = 0
	case isNorm:
		limit, err := strconv.ParseFloat(rest, 64)
		if err != nil || !(limit > 0) || math.IsInf(limit, 0) {
			return r, fmt.Errorf("runner/task: clip %q: %q is no bound", text, rest)
		}
		r.Clip = limit
	default:
		return r, fmt.Errorf("runner/task: clip %q is neither none nor like global norm 1", text)
	}
	return r, nil
}

// Rate is the learning rate of a step, counted from 1, of a training of steps.
func (r Recipe) Rate(rate float64, step, steps int) float64 {
	if step <= r.Warmup {
		return rate * float64(step) / float64(r.Warmup)
	}
	switch r.Schedule {
	case Steps:
		for _, at := range r.Drops {
			if float64(step) > at*float64(steps) {
				rate *= r.Factor
			}
		}
	case Cosine:
		if span := steps - r.Warmup; span > 0 {
			_, c := sineCosine(math.Pi * float64(step-r.Warmup-1) / float64(span))
			rate *= (1 + c) / 2
		}
	}
	return rate
}

// clauses cuts a text at its commas.
func clauses(text string) []string {
	parts := strings.Split(text, ",")
	for i, p := range parts {
		if parts[i] = strings.Join(strings.Fields(p), " "); parts[i] == "" {
			parts[i] = "?" // an empty clause is nobody's word
		}
	}
	return parts
}

// trailing reads the numbers that follow a word, "and" between them: beta 0.9 and 0.999.
func trailing(words []string) ([]float64, bool) {
	var numbers []float64
	for _, w := range words[min(1, len(words)):] {
		if w == "and" {
			continue
		}
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || !(f >= 0) || math.IsInf(f, 0) {
			return nil, false
		}
		numbers = append(numbers, f)
	}
	return numbers, len(numbers) > 0
}
