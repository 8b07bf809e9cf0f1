// Package papers turns a PDF file into text that a reviewer can quote.
package papers
