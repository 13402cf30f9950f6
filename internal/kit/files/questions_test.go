package files

import (
	"strings"
	"testing"
)

// TestQuestions: what is asked about, and what is not. The NHS numbers are those that are
// kept for tests: they begin with 999.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, words string
		table       bool
		want        string
	}{
		{"minutes.txt", "We met on 3 June 2024 and agreed 14 actions.", false, ""},
		{"minutes.txt", "Ring 01632 960 100 or 0800 555 0111.", false, ""},
		{"nhs-trust-plan.docx", "The NHS number of each child is to be on the form.", false, ""},
		{"x.txt", "NHS number 999 000 0018", false, "nhs"},
		{"x.txt", "seen: 999-000-0018", false, "nhs"},
		{"x.txt", "seen: 999 000 0019", false, ""}, // the check digit is wrong
		{"x.txt", "order 9990000018", false, ""},   // any number may be so
		{"x.csv", "name,nhs_no\nA,9990000018\n", true, "nhs"},
		{"x.csv", "name,NHS Number\nA,9990000019\n", true, ""},
		{"x.txt", "NHS number 000 000 0000", false, ""},
		{"NHS_numbers of year 6.pdf", "", false, ""},
		{"nhs number list.pdf", "", false, "nhs"},
		{"DBS certificate A Other.pdf", "", false, "dbs"},
		{"certificate_dbs.jpg", "", false, "dbs"},
		{"attendance certificate.pdf", "", false, ""},
		{"dbs-policy.docx", "The Disclosure and Barring Service says what is checked.", false, ""},
		{"scan.docx", "Disclosure and Barring Service\nEnhanced Certificate\nCertificate Number 001234567890", false, "dbs"},
		{"x.docx", "DBS certificate number 001234567890", false, "dbs"},
		{"x.docx", "Enhanced DBS certificate number: 001234567890, Jane Doe, issued 1 May 2025", false, "dbs"},
		{"x.docx", "DBS no. 001234567890", false, "dbs"},
		{"x.docx", "Everybody needs a DBS certificate. Ring 01632960100.", false, ""},
		{"x.csv", "name,DBS number\nA,1\n", true, "dbs"},
		{"x.csv", "who,number\nA,9434765919\nB,9434765870\nC,9990000018\n", true, "nhs"},
		{"x.csv", "who,order\nA,9434765919\nB,1234567890\nC,1234567891\n", true, ""},
		{"x.txt", "NHS number ９９９ ０００ ００１８", false, "nhs"},
		{"x.docx", "Ann, born on the 12th of March 2014", false, "birth"},
		{"x.docx", "Ann, date of birth: 3 June 2014", false, "birth"},
		{"x.docx", "Ann (DOB 03/06/2014)", false, "birth"},
		{"x.docx", "Ann, born on 3rd June 2014", false, "birth"},
		{"x.docx", "Ask for the date of birth. The course is on 3 June.", false, ""},
		{"x.docx", "The date of birth is asked at every visit from now on, and the next meeting is on 3 June 2024", false, ""},
		{"x.csv", "Name,Date of birth,School\nAnn,41793,Oak\n", true, "birth"},
		{"x.csv", "Name;DOB\nAnn;x\n", true, "birth"},
		{"x.xlsx", "Name\nDOB\nAnn\n41793\n", true, "birth"},
		{"x.csv", "Field,Meaning\nDOB missing,12\n", true, ""},
		{"x.csv", "nhs number,dob\n999 000 0018,3/6/2014\n", true, "nhs birth"},
	} {
		if got := join(questions(x.name, x.words, x.table)); got != x.want {
			t.Errorf("%s, %.60q: asks %q and not %q", x.name, x.words, got, x.want)
		}
	}
}

// TestWordsOfDocuments: the words of an Office document are found wherever they stand.
func TestWordsOfDocuments(t *testing.T) {
	t.Parallel()
	slides := archive(t, "[Content_Types].xml",
		strings.ReplaceAll(wordMain, "wordprocessingml.document", "presentationml.presentation"),
		"ppt/slides/slide1.xml", "<a:p><a:r><a:t>DOB 3/6/</a:t></a:r><a:r><a:t>2014</a:t></a:r></a:p>")
	sheet := archive(t, "[Content_Types].xml",
		strings.ReplaceAll(wordMain, "wordprocessingml.document", "spreadsheetml.sheet"),
		"xl/sharedStrings.xml", "<sst><si><t>Name</t></si><si><t>Date of birth</t></si></sst>")
	for name, content := range map[string]string{
		"a.docx": wordDocument(t, "born on 3 June 2014"),
		"a.pptx": slides, "a.xlsx": sheet,
		"a.odt": archive(t, "mimetype", typeODT.MIME, "content.xml",
			"<text:p>Date of birth</text:p><text:p>3 June 2014</text:p>"),
		"a.txt": "\xff\xfeD\x00O\x00B\x00 \x003\x00/\x006\x00/\x001\x004\x00",
	} {
		r, refused := receive(t, name, content)
		if refused != "" || join(r.questions) != "birth" {
			t.Errorf("%s: %q asks %v", name, refused, r)
		}
	}
}
