package yamlfile

import (
	"bytes"
	"fmt"

	"github.com/goccy/go-yaml"
)

// Encode writes v as one YAML document after a comment line (without "# ").
func Encode(comment string, v any) ([]byte, error) {
	var b bytes.Buffer
	if comment != "" {
		fmt.Fprintf(&b, "# %s\n", comment)
	}
	if err := yaml.NewEncoder(&b, yaml.Indent(2), yaml.IndentSequence(false)).Encode(v); err != nil {
		return nil, fmt.Errorf("encoding YAML: %w", err)
	}
	return b.Bytes(), nil
}
