// Package arch holds the building up: tests that keep the rooms apart, the SQL
// portable, every address behind a permission and every dependency explained.
// Each failure says which rule was broken and why it is one.
package arch
