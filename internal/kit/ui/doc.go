// Package ui is how Kith looks: the page around every page, GOV.UK's
// components as templates of our own, lists that all behave alike, and charts
// drawn as SVG.
//
// A room writes small html/template files and Go structs. A struct embeds
// [Base], a file defines "main", and a [Set] puts the two together inside one
// of three layouts: the workspace, the public sites, and a plain page for
// signing in and for errors. Components are template functions, so that a page
// reads as what it says:
//
//	{{errorSummary .Form}}
//	<h1>{{.Title}}</h1>
//	<form method="post" novalidate>
//	  {{input .Form "email" "Email address" (hint "We only use it to send joining details") (kind "email")}}
//	  {{button "Book a place"}}
//	</form>
//
// Options such as hint and kind are values of the type [Option], so a test can
// type check every page against its struct (package uitest does). [Form] is
// the little a field needs to know; kit/web's forms satisfy it and so does a
// [List], whose filters are ordinary fields that live in the address.
//
// Nothing here needs JavaScript. A few small modules improve what is already
// there. There is no inline script and no inline style, so that a strict
// Content-Security-Policy holds; SVG carries its colours as presentation
// attributes and a class, and the stylesheet may repaint it for a site.
//
// The stylesheet, fonts and modules are built by npm from the folder assets
// into dist, which is embedded. On a fresh clone dist is empty: everything
// still compiles and renders, unstyled, and [AssetsBuilt] says so.
//
// README.md in this folder is the guide for those who write pages.
package ui
