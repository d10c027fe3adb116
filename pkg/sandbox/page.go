package sandbox

import (
	"html/template"
	"slices"
	"strings"
)

// The pages for a person who signs in. The real X asks for a password; the
// sandbox asks as whom. An "as" in the address answers that in advance.

var consentPage = template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<html><head><title>Authorize</title></head><body>
<h1>Authorize the app of @{{.App}}?</h1>
<form>{{range $name, $value := .Hidden}}
<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<p>as @<input name="as" list="accounts"><datalist id="accounts">{{range .Accounts}}<option>{{.}}</option>{{end}}</datalist>
<button>Authorize</button></p>
</form></body></html>
`))

var pinPage = template.Must(template.New("pin").Parse(`<!DOCTYPE html>
<html><head><title>PIN</title></head><body>
<p>Enter this PIN to complete the authorization process:</p>
<kbd aria-labelledby="code-desc"><code>{{.}}</code></kbd>
</body></html>
`))

var failPage = template.Must(template.New("fail").Parse(`<!DOCTYPE html>
<html><head><title>Something went wrong</title></head><body>
<h1>Something went wrong</h1><p>You weren’t able to give access to the App. {{.}}</p>
</body></html>
`))

func htmlAnswer(status int, t *template.Template, data any) *answer {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err) // the templates are constants: a bug
	}
	return &answer{status: status, raw: []byte(b.String()), kind: "text/html; charset=utf-8"}
}

// consent asks as whom the app of an account may act.
func (c *call) consent(a *app) *answer {
	hidden := map[string]string{}
	for name := range c.query {
		hidden[name] = c.query.Get(name)
	}
	var names []string
	for _, who := range c.store.byName {
		names = append(names, who.name)
	}
	slices.Sort(names)
	return htmlAnswer(200, consentPage, map[string]any{"App": a.owner.name, "Hidden": hidden, "Accounts": names})
}

func (c *call) failed(why string) *answer { return htmlAnswer(400, failPage, why) }
