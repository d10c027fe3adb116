package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// From nothing to a first draft, in the steps that a person takes; nothing is posted, and what is there
// stays.
func TestNewBot(t *testing.T) {
	h := newHousehold(t)
	h.wants(2, "", "new-bot.sh: error: name one bot; --help tells more", "new-bot.sh")
	h.wants(2, "", "new-bot.sh: error: a bot has a name like a file's...", "new-bot.sh", ".hidden")
	for _, name := range []string{"", "..", "bots/.hidden", "/", "./-x/"} {
		h.wants(2, "", "new-bot.sh: error: a bot has a name like a file's...", "new-bot.sh", "--", name)
	}
	bare := h.command("new-bot.sh", "--account", "newton", "a")
	bare.Env = []string{"HOME=" + h.home, "PATH=/usr/bin:/bin"}
	h.expect(bare, 1, "", "new-bot.sh: error: mk-gen is not on the PATH; ...")
	h.wants(1, "", "new-bot.sh: error: cannot read absent.zip", "new-bot.sh", "--account", "newton", "--export", "absent.zip", "a")
	h.wants(1, "", "new-bot.sh: error: cannot read "+h.home, "new-bot.sh", "--account", "newton", "--keys", h.home, "a") // a folder
	h.withoutCrontab()
	h.withCrontab()
	h.wants(4, "made "+h.home+"/bots/a, with bot.conf", "tw-auth: error: no credentials: ...new-bot.sh: error: the bot has no good keys: ...tw-auth; then run this again",
		"new-bot.sh", "--account", "newton", "a")
	h.env = append(h.env, "TW_API_BASE="+h.base)
	keys := filepath.Join(h.home, "keys")
	h.check(os.WriteFile(keys, []byte("# x\nconsumer key: abc\n"), 0o644))
	for range 2 { // the copy does not stay
		h.wants(2, "", "new-bot.sh: error: "+h.path("a", "keys")+":2: not a line such as TW_ACCESS_TOKEN=...\nnew-bot.sh: error: this copy of "+keys+" is removed: mend that, and run this again",
			"new-bot.sh", "--keys", "keys", "a")
	}
	h.wants(4, "", "new-bot.sh: error: there are no keys in ...this copy of standard input is removed: ...", "new-bot.sh", "--keys", "-", "a")
	h.check(os.WriteFile(keys, []byte(strings.ReplaceAll(h.get("keys?as=newton_ebooks"), "TW_ACCESS_SECRET=", "TW_ACCESS_SECRET=x")), 0o644))
	h.wants(4, "", "tw-auth: error: ...unauthorised...the bot has no good keys: put others into "+h.path("a", "keys")+"; then run this again", "new-bot.sh", "--keys", "keys", "a")
	h.check(os.Remove(h.path("a", "keys")))
	_, token, _ := strings.Cut(h.get("keys?as=newton_ebooks"), "TW_BEARER_TOKEN=")
	h.check(os.WriteFile(keys, []byte("TW_BEARER_TOKEN="+token), 0o644))
	h.wants(4, `{"method":"bearer token",..."post":false}`, "tw-auth: ...new-bot.sh: error: with these keys the bot can read and not post: put others into ...", "new-bot.sh", "--keys", "keys", "a")
	h.check(os.Remove(h.path("a", "keys")))
	h.check(os.WriteFile(keys, []byte(h.get("keys?as=newton_ebooks")), 0o644))
	h.tell("POST", "faults", "GET /2/users/me:429\n")
	h.wants(75, "", "tw-auth: error: ...\nnew-bot.sh: error: X does not tell now whose the keys are; run this again later", "new-bot.sh", "--keys", "keys", "a")
	h.tell("DELETE", "faults", "")
	h.wants(1, `...{"account":"newton_ebooks",..."post":true}`, "tw-archive: posts to read: about ...cost: $...\n...there are no posts yet: ...--fetch...",
		"new-bot.sh", "--keys", "keys", "a")

	h.wants(0, `{"account":...}
a first draft, which is not posted:
{"text":"..."weighted_length":...}
for your crontab (crontab -e, or run this again with --install):
#...PATH=...bot.sh --all update train...
ready: bot.sh a speak lets it post, after as long a delay as bot.conf has, and status.sh tells how it is`, "", "new-bot.sh", "--fetch", "a")
	h.wants(0, "", "", "status.sh", "--check")
	h.modes()
	before := h.read("a", "bot.conf") + h.read("a", "keys") + h.read("a", "corpus/newton.jsonl") + h.read("a", "jobs/update")
	h.check(os.WriteFile(keys, []byte("TW_ACCESS_TOKEN=other\n"), 0o644))
	h.wants(0, h.home+"/bots/a/bot.conf is there and stays as it is\n"+h.home+"/bots/a/keys is there and stays as it is\n...your crontab has the lines for all bots now\nready...", "",
		"new-bot.sh", "--fetch", "--account", "else", "--keys", "keys", "--install", "a")
	if after := h.read("a", "bot.conf") + h.read("a", "keys") + h.read("a", "corpus/newton.jsonl") + h.read("a", "jobs/update"); after != before {
		t.Error("it changed what was there")
	}
	if h.said("newton_ebooks") != 0 {
		t.Error("it posted")
	}
	h.installed()

	// A bot that does not lie beside the others is not among "all bots".
	h.check(os.WriteFile(keys, []byte(h.get("keys?as=newton_ebooks")), 0o600))
	apart := "bot.sh --all and status.sh find this bot only with HORSEPIPE_BOTS=" + h.home + "/apart\n"
	h.wants(0, "made ..."+apart+"your crontab has the lines for all bots\nready...", "", "new-bot.sh", "--account", "newton", "--keys", "keys", "--fetch", "apart/b")
	h.check(os.WriteFile(filepath.Join(h.home, "tab"), []byte("0 0 * * * bot.sh --all speak\n"+strings.Repeat("# and so on\n", 1<<15)), 0o600))
	h.wants(0, "...your crontab has the lines for all bots\nready...", "", "new-bot.sh", "--install", "apart/b")
	h.check(os.WriteFile(filepath.Join(h.home, "tab"), nil, 0o600))
	h.wants(0, "..."+apart+"for your crontab ...\nPATH=...\nHORSEPIPE_BOTS="+h.home+"/apart\n...", "", "new-bot.sh", "apart/b")
	h.env = append(h.env, "HORSEPIPE_BOTS=apart")
	h.wants(0, "...\nfor your crontab ...\nPATH=...\nHORSEPIPE_BOTS="+h.home+"/apart\n...", "", "new-bot.sh", "b")
}

// withoutCrontab expects that --install fails before anything is made or paid for if it could not work.
func (h *household) withoutCrontab() {
	tools := h.TempDir()
	for _, name := range []string{"dirname", "readlink"} {
		path, err := exec.LookPath(name)
		h.check(err)
		h.check(os.Symlink(path, filepath.Join(tools, name)))
	}
	bin, err := programs()
	h.check(err)
	cmd := h.command("new-bot.sh", "--install", "a")
	cmd.Env = []string{"HOME=" + h.home, "PATH=" + bin + ":" + tools}
	h.expect(cmd, 1, "", "new-bot.sh: error: --install needs crontab, which is not on the PATH; doc/running.md tells of systemd, too")
}

// withCrontab puts a crontab(1) that keeps its lines in a file on the PATH.
func (h *household) withCrontab() {
	h.check(os.WriteFile(filepath.Join(h.home, "tab"), []byte("0 0 * * * true\n"), 0o600))
	h.check(os.WriteFile(filepath.Join(h.home, "crontab"), []byte("#!/bin/sh\ncd \"$HOME\"\n[ \"$1\" = -l ] && exec cat tab\ncat >new && mv new tab\n"), 0o700))
	h.env = append(h.env, "PATH="+h.home+":"+strings.TrimPrefix(h.env[0], "PATH="))
}

// installed expects the lines in the crontab once, after what was there, and that they run unchanged.
func (h *household) installed() {
	h.wants(0, "...your crontab has the lines for all bots\nready...", "", "new-bot.sh", "--install", "a")
	data, err := os.ReadFile(filepath.Join(h.home, "tab"))
	h.check(err)
	tab := string(data)
	if !strings.HasPrefix(tab, "0 0 * * * true\n") || strings.Count(tab, "bot.sh --all speak") != 1 {
		h.Errorf("the crontab is\n%s", tab)
	}
	_, path, _ := strings.Cut(tab, "\nPATH=")
	path, _, _ = strings.Cut(path, "\n")
	cmd := h.command("/bin/sh", "-c", "bot.sh --all speak")
	cmd.Env = []string{"HOME=" + h.home, "PATH=" + path}
	h.write("a", "bot.conf", "SPEAK=--look-again=0\n")
	h.expect(cmd, 0, "", "")
	if h.said("newton_ebooks") != 1 {
		h.Error("it did not speak")
	}
}

// modes expects that nobody else can read anything of a bot.
func (h *household) modes() {
	h.check(filepath.Walk(h.path("a", ""), func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			h.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return err
	}))
}

// A corpus can be an archive that X made, or any file that somebody puts there.
func TestNewBotFromExport(t *testing.T) {
	h := newHousehold(t)
	h.env = append(h.env, "HORSEPIPE_BOTS="+filepath.Join(h.home, "bots"))
	keys, export := filepath.Join(h.home, "k"), filepath.Join(h.home, "my export", "data")
	h.check(os.MkdirAll(export, 0o700))
	h.check(os.WriteFile(keys, []byte(h.get("keys?as=newton_ebooks")), 0o600))
	h.check(os.WriteFile(filepath.Join(export, "account.js"), []byte(`window.YTD.account.part0 = [{"account":{"accountId":"5","username":"newton"}}]`), 0o600))
	var posts []string
	for i, text := range []string{"The apple falls down from the tree.", "The moon falls round the earth.", "The light falls through the glass.", "The apple lies under the tree now."} {
		posts = append(posts, `{"tweet":{"id_str":"`+strings.Repeat("1", i+1)+`","full_text":"`+text+`","created_at":"Wed Jan 06 18:40:40 +0000 2021"}}`)
	}
	h.check(os.WriteFile(filepath.Join(export, "tweets.js"), []byte("window.YTD.tweets.part0 = ["+strings.Join(posts, ",")+"]"), 0o600))
	older := filepath.Join(h.home, "older", "data")
	h.check(os.CopyFS(older, os.DirFS(export)))
	h.check(os.WriteFile(filepath.Join(older, "tweets.js"), []byte("window.YTD.tweets.part0 = ["+strings.ReplaceAll(posts[0], `"1"`, `"9"`)+"]"), 0o600))
	h.wants(0, "made ...a first draft...ready...", "tw-archive: 4 posts...", "new-bot.sh", "--keys", keys, "--export", filepath.Dir(export), "--account", "newton", "b c")
	if got := strings.Count(h.read("b c", "corpus/newton.jsonl"), "\n"); got != 4 {
		t.Errorf("got %d posts", got)
	}
	h.wants(0, "made ...ready...", "tw-archive: 5 posts...", "new-bot.sh", "--keys", keys, "--export", filepath.Dir(export), "--export", filepath.Dir(older), "two")
	h.wants(0, "...newton.jsonl is there and stays as it is...", "", "new-bot.sh", "--export", filepath.Dir(export), "b c")
	if out, err := h.command("new-bot.sh", "--keys", keys, "--export", filepath.Dir(export), "--account", "@Newton", "./e").CombinedOutput(); err != nil || !charged.Match(out) || strings.Contains(string(out), "the export is of") {
		t.Errorf("got %s, %v", out, err)
	}
	h.wants(0, "made ...\nthe export is of newton, not of hooke: if that is another account, let ACCOUNT in "+h.path("f", "bot.conf")+" name it, or updates will fail\n...ready...", "...",
		"new-bot.sh", "--keys", keys, "--export", filepath.Dir(export), "--account", "hooke", "f")

	h.write("few", "corpus/mine.jsonl", `{"text":"The apple falls down."}`)
	h.wants(1, "made ...a first draft...", "mk-gen: error: no draft satisfies all constraints...\nmk-gen: hint: ...", "new-bot.sh", "--keys", keys, "few")

	h.write("d", "corpus/mine.jsonl", h.read("b c", "corpus/newton.jsonl"))
	piped := h.command("new-bot.sh", "--keys", "-", "d")
	piped.Stdin = strings.NewReader(h.get("keys?as=newton_ebooks"))
	h.expect(piped, 0, "made ...ready...", "")
	if info, err := os.Stat(h.path("d", "keys")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the keys have mode %v, %v", info.Mode(), err)
	}
	if got := h.read("d", "bot.conf"); !strings.Contains(got, "UPDATE_EVERY=never") {
		t.Errorf("got %s", got)
	}
}

// What new-bot.sh has not finished, and what a person has paused, is left alone by the lines of the crontab: a bot
// whose posts are only to be estimated neither fetches them at night nor speaks.
func TestPausedBot(t *testing.T) {
	h := newHousehold(t)
	keys := filepath.Join(h.home, "k")
	h.check(os.WriteFile(keys, []byte(h.get("keys?as=newton_ebooks")), 0o600))
	h.wants(1, "made ...", "tw-archive: posts to read: about ...there are no posts yet: ...", "new-bot.sh", "--account", "newton", "--keys", keys, "a")
	h.write("a", "bot.conf", "ACCOUNT=newton\nSPEAK=--look-again=0\n")
	h.wants(0, "", "", "bot.sh", "--all", "update", "train", "speak", "answer")
	h.wants(0, "", "bot.sh: a: paused\n", "bot.sh", "-v", "--all", "speak")
	long := time.Now().AddDate(-1, 0, 0)
	h.check(os.Chtimes(h.path("a", "bot.conf"), long, long))
	h.wants(0, "a\n  paused       new-bot.sh has not finished it\n  update       never\n...", "", "status.sh")
	h.wants(0, "", "", "status.sh", "--check")
	if h.read("a", "corpus/newton.jsonl") != "" || h.said("newton_ebooks") != 0 {
		t.Error("it was not left alone")
	}

	h.wants(0, "...\nready: ...", "", "new-bot.sh", "--fetch", "a")
	h.wants(0, "", "", "bot.sh", "--all", "speak")
	h.write("a", "paused", "until Monday\n")
	h.wants(0, "", "", "bot.sh", "--all", "speak")
	h.wants(0, "...\nready: ...\nit is paused until "+h.path("a", "paused")+" is removed\n", "", "new-bot.sh", "a")
	h.wants(0, "a\n  paused       until Monday\n...", "", "status.sh")
	if got := h.said("newton_ebooks"); got != 1 {
		t.Errorf("it said %d things, want 1", got)
	}
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if got := h.said("newton_ebooks"); got != 2 {
		t.Errorf("told by its name, it said %d things, want 2", got)
	}
}

// A bot stays with the keys with which it was made, also when another account of the same person is logged in, and
// under cron, which knows nothing of their environment.
func TestNewBotKeepsItsKeys(t *testing.T) {
	h := newHousehold(t)
	h.env = append(h.env, "TW_API_BASE="+h.base)
	login := func(account string) {
		h.check(os.MkdirAll(filepath.Join(h.home, ".config/horsepipe"), 0o700))
		h.check(os.WriteFile(filepath.Join(h.home, ".config/horsepipe", "x-"+account+".json"), []byte(h.login(account)), 0o600))
	}
	posts := opticks(h)
	h.write("a", "corpus/newton.jsonl", posts)
	login("newton_ebooks")
	h.wants(0, `made ...{"account":"newton_ebooks"...ready: ...`, "", "new-bot.sh", "a")
	h.write("d", "corpus/newton.jsonl", posts)
	app, _, _ := strings.Cut(h.get("keys?as=newton_ebooks"), "TW_ACCESS_TOKEN=")
	h.write("d", "keys", app)
	h.wants(0, `made ...{"account":"newton_ebooks"...ready: ...`, "", "new-bot.sh", "d")
	login("isaac_ebooks")
	for _, bot := range []string{"a", "d"} {
		h.write(bot, "bot.conf", "SPEAK=--look-again=0\n")
		h.wants(0, "", "", "bot.sh", bot, "speak")
	}
	if h.said("newton_ebooks") != 2 {
		t.Error("they did not speak")
	}
	h.wants(4, "made ...", "tw-auth: error: several accounts have credentials: ...log it in with TW_CREDENTIALS="+h.path("b", "")+" tw-auth...",
		"new-bot.sh", "b")

	h.withCrontab()
	h.check(os.RemoveAll(filepath.Join(h.home, ".config")))
	h.write("c", "corpus/newton.jsonl", posts)
	h.env = append(h.env, h.keys...)
	h.wants(0, "made ...\ncron does not have these keys: put them into "+h.path("c", "keys")+"\n...ready: ...", "", "new-bot.sh", "c")
}

// login returns the file that tw-auth writes for an account.
func (h *household) login(account string) string {
	h.Helper()
	secret := map[string]string{}
	for line := range strings.Lines(h.get("keys?as=" + account)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		secret[name] = value
	}
	return `{"network":"x","account":"` + account + `","consumer_key":"` + secret["TW_CONSUMER_KEY"] + `","consumer_secret":"` + secret["TW_CONSUMER_SECRET"] +
		`","access_token":"` + secret["TW_ACCESS_TOKEN"] + `","access_secret":"` + secret["TW_ACCESS_SECRET"] + `"}`
}

// The scripts may lie where the PATH does not lead, and without crontab.example, as where they are installed for systemd.
func TestNewBotFromElsewhere(t *testing.T) {
	h := newHousehold(t)
	h.withCrontab()
	posts := opticks(h)
	h.write("a", "corpus/newton.jsonl", posts)
	h.write("a", "keys", h.get("keys?as=newton_ebooks"))
	h.env[0] = strings.ReplaceAll(h.env[0], h.here+":", "")
	h.env[len(h.env)-1] = strings.ReplaceAll(h.env[len(h.env)-1], h.here+":", "")
	h.wants(0, "made ...ready: "+h.here+"/bot.sh a speak lets it post, after as long a delay as bot.conf has, and "+h.here+"/status.sh tells how it is", "", "new-bot.sh", "a")

	alone := filepath.Join(h.home, "alone")
	h.check(os.CopyFS(alone, os.DirFS(h.here)))
	run := func(args ...string) *exec.Cmd {
		return h.command("/bin/sh", append([]string{"-c", `exec "$0" "$@"`, filepath.Join(alone, "new-bot.sh")}, args...)...)
	}
	h.expect(run("a"), 0, "...\nfor cron, the repository has crontab.example\nready: "+alone+"/bot.sh a speak...", "")
	h.expect(run("--install", "b"), 1, "", "new-bot.sh: error: --install needs crontab.example, which lies neither in "+h.home+" nor in "+h.home+"/share/horsepipe")
}

// What a full disk takes only a part of, or says at the end that it has not taken, does not get into its
// place: half a bot.conf speaks when it should not, an empty corpus has the whole account fetched, and an empty
// paused looks like a person's.
func TestNewBotOnAFullDisk(t *testing.T) {
	h := newHousehold(t)
	keys, export := filepath.Join(h.home, "k"), filepath.Join(h.home, "export")
	h.check(os.WriteFile(keys, []byte(h.get("keys?as=newton_ebooks")), 0o600))
	h.check(os.MkdirAll(filepath.Join(export, "data"), 0o700))
	h.check(os.WriteFile(filepath.Join(export, "data", "account.js"), []byte(`window.YTD.account.part0 = [{"account":{"accountId":"5","username":"newton"}}]`), 0o600))
	h.check(os.WriteFile(filepath.Join(export, "data", "tweets.js"), []byte(`window.YTD.tweets.part0 = [{"tweet":{"id_str":"1","full_text":"It falls.","created_at":"Wed Jan 06 18:40:40 +0000 2021"}}]`), 0o600))
	bin := filepath.Join(h.home, "full")
	h.check(os.Mkdir(bin, 0o700))
	full := func(program, script, stderr string) {
		t.Helper()
		fake := filepath.Join(bin, program)
		h.check(os.WriteFile(fake, []byte("#!/bin/bash\n"+script+"\n"), 0o700))
		c := h.command("new-bot.sh", "--account", "newton", "--keys", keys, "--export", export, "a")
		c.Env = slices.Clone(c.Env)
		for i, v := range c.Env {
			if path, found := strings.CutPrefix(v, "PATH="); found {
				c.Env[i] = "PATH=" + bin + ":" + path
			}
		}
		h.expect(c, 1, "...", stderr)
		h.check(os.Remove(fake))
	}
	const noRoom = "no space left on device"
	for _, missing := range []string{"paused", "bot.conf", "keys", "corpus/newton.jsonl"} {
		if missing == "bot.conf" {
			full("cat", "echo '# A bot'; echo "+noRoom+" >&2; exit 1", noRoom)
		}
		full("sync", "case $1 in *"+filepath.Base(missing)+".new) echo "+noRoom+" >&2; exit 1 ;; esac", "..."+noRoom)
		if _, err := os.Stat(h.path("a", missing)); err == nil {
			t.Errorf("%s is in its place", missing)
		}
	}
}

// A person is told that posts in a file of another name than the account's would be fetched, and paid for, at night.
func TestNewBotTellsWhatWillBePaid(t *testing.T) {
	h := newHousehold(t)
	h.withoutCrontab()
	h.write("a", "keys", h.get("keys?as=newton_ebooks"))
	h.wants(1, "made ...", "...put them into "+h.path("a", "corpus/newton.jsonl")+"; then run this again", "new-bot.sh", "--account", "newton", "--account", "hooke", "a")
	posts := opticks(h)
	told := func(account string) string {
		return "the next update will fetch the posts of " + account + ", for money: ..." + h.path("a", "corpus/"+account+".jsonl") + "; ...UPDATE_EVERY=never\n"
	}
	h.write("a", "corpus/posts.jsonl", posts)
	h.wants(0, `{"account":...}`+"\n"+told("newton")+told("hooke")+"a first draft...", "", "new-bot.sh", "a")
	h.write("a", "corpus/newton.jsonl", posts)
	h.wants(0, `{"account":...}`+"\n"+told("hooke")+"a first draft...", "", "new-bot.sh", "a")
	h.write("a", "bot.conf", h.read("a", "bot.conf")+"UPDATE_EVERY=never\n")
	h.wants(0, `{"account":...}`+"\na first draft...", "", "new-bot.sh", "a")
}
