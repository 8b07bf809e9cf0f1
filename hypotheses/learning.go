package hypotheses

import "tenet/internal/store"

// LearningRate says how each arm gets its rate.
type LearningRate struct {
	Protocol string       `json:"protocol,omitempty"` // fixed, tuned, none
	Value    string       `json:"value,omitempty"`    // "adam 1e-3"
	NoValue  bool         `json:"no_value,omitempty"` // the pack says null where a value could stand
	Grid     []store.Real `json:"grid,omitempty"`
	Why      string       `json:"why,omitempty"`
}

// packRate is LearningRate as a pack spells it.
type packRate struct {
	Protocol string       `yaml:"protocol"`
	Value    *string      `yaml:"value,omitempty"`
	Grid     []store.Real `yaml:"grid,omitempty"`
	Why      string       `yaml:"why,omitempty"`
}

// UnmarshalYAML tells a value of null from no value: a written pack must say
// the same as the one that was read.
func (l *LearningRate) UnmarshalYAML(read func(any) error) error {
	var p packRate
	if err := read(&p); err != nil {
		return err
	}
	var keys map[string]any
	if err := read(&keys); err != nil {
		return err
	}
	*l = LearningRate{Protocol: p.Protocol, Grid: p.Grid, Why: p.Why}
	if p.Value != nil {
		l.Value = *p.Value
	} else {
		_, l.NoValue = keys["value"]
	}
	return nil
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (l LearningRate) MarshalYAML() (any, error) {
	type withNull struct {
		Protocol string       `yaml:"protocol"`
		Value    *string      `yaml:"value"`
		Grid     []store.Real `yaml:"grid,omitempty"`
		Why      string       `yaml:"why,omitempty"`
	}
	if l.NoValue {
		return withNull{Protocol: l.Protocol, Grid: l.Grid, Why: l.Why}, nil
	}
	p := packRate{Protocol: l.Protocol, Grid: l.Grid, Why: l.Why}
	if l.Value != "" {
		p.Value = &l.Value
	}
	return p, nil
}
