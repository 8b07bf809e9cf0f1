package refs

// Parse reads one entry as far as it can.
func Parse(raw string) Entry { return Entry{Raw: raw} }
