// Package app puts the program together. It is the only package that sees every
// room: it opens the stores, makes the rooms, hands each what it needs of the
// others, and mounts them on their addresses.
package app
