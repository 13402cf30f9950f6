package sheet
import ("testing";"strings";"time";"fmt")
func TestZZ(t *testing.T){
 for name,l := range map[string]string{"short":"\"a\n","long":"\"a,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"} {
 s:=time.Now()
 n:=(1<<20)/len(l)
 table,err:=ReadText(strings.NewReader("a,b\n1,2\n"+strings.Repeat(l,n)),Usual)
 rows:=0
 for err==nil { _,err=table.Next(); rows++ }
 fmt.Println(name,n,rows,time.Since(s),err)
 }
}
