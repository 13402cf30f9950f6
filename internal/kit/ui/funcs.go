package ui

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"

	"kith/internal/kit/lang"
)

// Funcs are the functions a page may use: components, their options, and words
// for numbers and dates.
func Funcs() template.FuncMap {
	return template.FuncMap{
		// fields
		"input": input, "textarea": textarea, "selectBox": selectBox, "radios": radios,
		"checkboxes": checkboxes, "checkbox": checkbox, "dateInput": dateInput, "dateField": dateField,
		"fileUpload": fileUpload, "passwordInput": passwordInput, "errorSummary": errorSummary, "formFoot": formFoot,
		"personPicker": personPicker, "organisationPicker": organisationPicker, "recordPicker": recordPicker,
		"onceMark": onceMark,
		// acts
		"button": button, "linkButton": linkButton,
		// options
		"hint": hint, "kind": kind, "autocomplete": autocomplete, "inputmode": inputmode, "width": width,
		"prefix": prefix, "suffix": suffix, "spellcheck": spellcheck, "rows": rows, "maxLength": maxLength,
		"maxWords": maxWords, "firstChoice": firstChoice, "accept": accept, "multiple": multiple, "several": several,
		"inline": inline, "small": small, "heading": heading, "size": size, "hiddenLabel": hiddenLabel,
		"fallback": fallback, "reveal": reveal, "secondary": secondary, "warning": warning,
		"inverse": inverse, "start": start, "oneClick": oneClick, "leave": leave, "also": also, "named": named, "tone": tone,
		"note": note, "link": link, "due": due, "level": level, "datum": datum, "numeric": numeric, "opened": opened,
		"disabled": disabled, "id": id, "class": class, "attr": attr,
		// notices and summaries
		"tag": tag, "banner": banner, "flash": flash, "details": details, "inset": inset,
		"warningText": warningText, "warn": warn, "facts": facts, "panel": panel, "summaryList": summaryList, "how": how,
		"taskList": taskList, "tabs": tabs, "progress": progress,
		// finding the way
		"breadcrumbs": breadcrumbs, "subnav": subnav, "backLink": backLink, "skipLink": skipLink,
		// lists
		"sortHeader": sortHeader, "keepSort": keepSort, "listFoot": listFoot, "emptyList": emptyList,
		"pagination": pagination,
		// shapes of our own
		"tile": tile, "figureBlock": figureBlock, "card": card, "empty": empty,
		"fileList": fileList,
		"icon":     icon, "mark": mark, "illustration": illustration,
		"chart": chart, "figureTable": figureTable,
		// words
		"date": date, "shortDate": shortDate, "datetime": lang.DateTime, "clock": lang.Clock,
		"number": wholeNumber, "percent": lang.Percent, "plural": lang.Plural, "noun": lang.Noun,
		"join": lang.Join, "ordinal": lang.Ordinal, "words": lang.Words, "money": lang.Money,
		"sentence": lang.Sentence,
		// the page
		"asset": asset, "tel": tel,
	}
}

func date(d lang.Dated) string {
	if isNil(d) {
		return ""
	}
	return lang.Date(d)
}

func shortDate(d lang.Dated) string {
	if isNil(d) {
		return ""
	}
	return lang.ShortDate(d)
}

// isNil sees through an interface: a page struct may hold a pointer to a date.
func isNil(d lang.Dated) bool {
	v := reflect.ValueOf(d)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// wholeNumber writes any whole number with commas.
func wholeNumber(n any) (string, error) {
	v := reflect.ValueOf(n)
	switch {
	case v.CanInt():
		return lang.Number(int(v.Int())), nil
	case v.CanUint():
		return lang.Number(int(v.Uint())), nil
	}
	return "", fmt.Errorf("number: %T is not a whole number", n)
}

// tel is a telephone number as a link holds it, without its spaces.
func tel(number string) string { return strings.ReplaceAll(number, " ", "") }

// asset is the address of a built file; "" when it was not built, and the
// layouts then leave it out.
func asset(name string) string { return Assets().Path(name) }
