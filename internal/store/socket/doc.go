// Package socket lets a second tenet command run its verb inside the process that holds a library.
package socket
