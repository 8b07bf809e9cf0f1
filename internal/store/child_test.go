package store

// child runs this binary as a helper process where a test asks for one; see the crash tests.
func child() bool { return false }
