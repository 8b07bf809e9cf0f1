package net

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Parse reads a net's JSON object strictly and fills in defaults. Errors name the field and what may stand
// there.
func Parse(text []byte) (Spec, error) {
	obj, err := object(text)
	if err != nil {
		return Spec{}, fmt.Errorf("runner/net: %w", err)
	}
	return read(&fields{obj: obj}, "")
}

// read takes a net from f; family is what it is where it does not say.
func read(f *fields, family string) (Spec, error) {
	name := f.word("family", family, nil)
	if f.err != nil {
		return Spec{}, f.err
	}
	s := Spec{Family: name}
	usual, isAlias := aliases()[name]
	if isAlias {
		s.Family = usual.family
	}
	kind, ok := familyOf(s.Family)
	if !ok {
		return Spec{}, fieldError(f.at+"family", "%q is unknown; it is one of %s", name, familyNames())
	}
	kind.read(f, &s)
	if kind.chain != nil {
		if err := s.readSkips(f, kind, usual.skip); err != nil {
			return Spec{}, err
		}
	}
	if err := f.done("family " + name); err != nil {
		return Spec{}, err
	}
	if name == "plain" && len(s.Skip) > 0 {
		return Spec{}, fieldError(f.at+"skip", "a plain net has none; family %s may have some", s.Family)
	}
	if s.StochasticDepth > 0 && len(s.Skip) == 0 {
		return Spec{}, fieldError(f.at+"stochastic_depth", "without a skip nothing is left of a block that is dropped")
	}
	return s, nil
}

// readSkips takes the list of skips, or usual where there is no such list.
func (s *Spec) readSkips(f *fields, kind family, usual string) error {
	list := f.list("skip")
	if !f.has("skip") && usual != "" {
		list = []json.RawMessage{json.RawMessage(usual)}
	}
	if f.err != nil {
		return f.err
	}
	c := kind.chain(*s, parseSteps)
	for i, raw := range list {
		k, err := readSkip(f.at+skipField(i), raw, c)
		if err != nil {
			return err
		}
		s.Skip = append(s.Skip, k)
	}
	return nil
}

// parseSteps is how long a sequence may at most be for its skips to be read; Build knows how long it is.
const parseSteps = 512

func readSkip(at string, raw json.RawMessage, c chain) (Skip, error) {
	obj, err := object(raw)
	if err != nil {
		return Skip{}, fieldError(at, "%v", err)
	}
	f := &fields{obj: obj, at: at + "."}
	k := Skip{
		From: f.word("from", "", nil), To: f.word("to", "", nil),
		Join:      f.word("join", JoinAdd, []string{JoinAdd, JoinConcat, JoinGate, JoinAttend}),
		Transform: f.word("transform", transformIdentity, []string{transformIdentity, transformRandom, transformEye, transformProjection, transformPad}),
	}
	k.Each = f.word("each", "1", nil)
	if n, err := strconv.Atoi(k.Each); (err != nil || n < 1) && k.Each != "sublayer" && k.Each != "block" {
		f.fail("each", "%s is not a whole number from 1, sublayer or block", k.Each)
	}
	k.Weight = f.expression("weight", "")
	k.Init = f.expression("init", "")
	switch k.Join {
	case JoinAdd:
		k.BranchScale = f.expression("branch_scale", "1")
		k.LayerScale = f.expression("layer_scale", "")
		k.Trainable = *f.flag("trainable", false)
	case JoinGate:
		if !c.gated { // an lstm's is its forget_bias
			k.GateBias = f.expression("gate_bias", "-1")
		}
		k.Trainable = k.Init != "" && *f.flag("trainable", true)
	default:
		k.Trainable = k.Init != "" && *f.flag("trainable", true)
	}
	if k.Init != "" && !k.Trainable {
		f.fail("init", "is the start of trained numbers, so trainable must be true; a fixed one is weight")
	}
	if err := f.done("join " + k.Join); err != nil {
		return Skip{}, err
	}
	edges, err := k.edges(c)
	if err != nil {
		return Skip{}, fieldError(at, "%v", err)
	}
	for _, e := range edges {
		if k.Join == JoinConcat && c.fixed > 0 && e.To >= c.fixed {
			return Skip{}, fieldError(f.at+"join", "state %d keeps its size, so what joins it is add, gate or attend", e.To)
		}
		if _, field, err := e.numbers(c, parseSteps); err != nil {
			return Skip{}, fieldError(f.at+field, "%v", err)
		}
	}
	return k, nil
}

// norms are the ways to write a norm of one of kinds: alone, in the branch, after the join.
func norms(kinds ...string) []string {
	all := []string{"none"}
	for _, n := range kinds {
		all = append(all, n, n+" in branch", n+" after add")
	}
	return all
}

func acts() []string {
	return []string{"relu", "tanh", "sigmoid", "gelu", "silu", "leaky relu", "elu", "linear"}
}

// starts reads what most families share: act, init, branch_init and the two kinds of chance.
func (f *fields) starts(s *Spec, init string) {
	s.Act = f.word("act", "relu", acts())
	s.Init = f.word("init", init, []string{"he", "glorot", "lecun", "orthogonal", "delta-orthogonal"})
	s.BranchInit = f.word("branch_init", "usual", []string{"usual", branchZero, branchFixup})
	s.Dropout = f.share("dropout")
	s.StochasticDepth = f.share("stochastic_depth")
	s.Optimiser = f.word("optimiser", OptimiserAdam, []string{OptimiserAdam, OptimiserUnit})
}

// orders are where a block's activation stands.
func orders() []string { return []string{orderPreact, orderPost, orderBranch} }
