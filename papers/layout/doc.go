// Package layout turns the glyphs of a page into text in reading order.
package layout
