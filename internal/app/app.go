package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kith/internal/annual"
	"kith/internal/audits"
	"kith/internal/duplicates"
	"kith/internal/identity"
	"kith/internal/imports"
	"kith/internal/indicators"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/files"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/kit/merge"
	"kith/internal/kit/publish"
	"kith/internal/kit/remind"
	"kith/internal/kit/seal"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/letters"
	"kith/internal/partnership"
	"kith/internal/plan"
	"kith/internal/register"
	"kith/internal/returns"
	"kith/internal/reviews"
	"kith/internal/sites"
	"kith/internal/training"
	"kith/migrations"
)

// An App is one installation, open.
type App struct {
	Config
	Log          *slog.Logger
	Now          clock.Clock
	Work, Public *db.DB

	Jobs    *jobs.Queue
	Mail    *mail.Outbox
	Remind  *remind.Reminders
	Imports *imports.Room   // nil where only the public face is served
	Files   *files.Store    // nil where only the public face is served
	Outbox  *publish.Outbox // from work to the public store; nil where only the public face is served
	Cache   *publish.Cache
	Seal    *seal.Box         // of secrets in the database; nil where only the public face is served
	Chain   *audittrail.Chain // seals who did what; nil where only the public face is served
	Figures *figure.Registry
	// Search is what can be found in the workspace, PublicSearch what the public can.
	Search, PublicSearch *search.Index
	// Register has the nouns that all rooms use; nil where there is no work store.
	Register *register.Register

	Partnership *partnership.Room
	Identity    *identity.Room
	Training    *training.Room
	Audits      *audits.Room
	Reviews     *reviews.Room
	Plan        *plan.Room
	Returns     *returns.Room
	Indicators  *indicators.Room
	Sites       *sites.Room
	Annual      *annual.Room
	Duplicates  *duplicates.Room
	Letters     *letters.Room

	pages *ui.Set
	known lastAddress
	rail  rail
	well  checkedHealth
}

// Open opens an installation: it makes the folder and the databases that are
// missing, brings them up to date and puts the rooms together.
func Open(ctx context.Context, c Config, log *slog.Logger) (*App, error) {
	return openAt(ctx, c, log, clock.System)
}

// OpenExisting opens an installation for a command that only asks, or takes away what is
// there: it makes none, so that a folder whose name was mistyped stays as it was.
func OpenExisting(ctx context.Context, c Config, log *slog.Logger) (*App, error) {
	if c.DB == "" {
		if _, err := os.Stat(c.work()); errors.Is(err, os.ErrNotExist) {
			return nil, &refused{fmt.Sprintf("there is no installation in the folder %s; name its folder by --dir, or make "+
				"one there with kith migrate", c.Dir)}
		}
	}
	return Open(ctx, c, log)
}

// openAt is Open by a clock.
func openAt(ctx context.Context, c Config, log *slog.Logger, now clock.Clock) (*App, error) {
	a := &App{Config: c, Log: log, Now: now}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the installation's folder: %w", err)
	}
	if c.DB == "" {
		if err := onThisMachine(c.Dir, driveOf); err != nil {
			return nil, err
		}
	}
	// One after the other: two that make the same databases at once would each be half done.
	opened, err := c.opening(ctx)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(a.open(ctx), opened()); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// removeOldUploads removes what an earlier version left when it was stopped in the
// middle of an import: it kept files by name while they were read, and they may be
// about children. Nothing is kept there any more.
func removeOldUploads(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, "files", "uploads")); err != nil {
		return fmt.Errorf("remove files that an earlier version left: %w", err)
	}
	return nil
}

func (a *App) open(ctx context.Context) (err error) {
	if a.Public, err = openStore(ctx, a.Config.public(), migrations.Public()); err != nil {
		return err
	}
	a.Cache = publish.NewCache(a.Public, time.Now)
	a.Cache.Alone = a.DB == "" // one process serves a folder: see hold
	a.PublicSearch = &search.Index{DB: a.Public}
	if a.Face == FacePublic {
		if err := a.wirePublic(); err != nil {
			return err
		}
		return a.upgrade(ctx)
	}
	if err := removeOldUploads(a.Dir); err != nil {
		return err
	}
	if a.Work, err = openStore(ctx, a.Config.work(), migrations.Work()); err != nil {
		return err
	}
	if a.Seal, err = seal.Load(ctx, a.Work, a.Dir, seal.Environment()); err != nil {
		if errors.Is(err, seal.ErrBadKey) {
			return &refused{err.Error()}
		}
		return err
	}
	if why := a.Seal.Why(); why != nil {
		a.Log.Error("codes of apps and sign-in with a directory cannot be used: put "+seal.File+" of the installation "+
			"into its folder, or start every node with KITH_SECRET_KEY_FILE", "error", why)
	}
	if err := a.wire(ctx, a.isDemo); err != nil {
		return err
	}
	if err := a.Files.Open(ctx); err != nil {
		return err
	}
	return a.upgrade(ctx)
}

// upgrade takes over what earlier versions of the program left, once the rooms are
// there, and fills what can be found where that is new.
func (a *App) upgrade(ctx context.Context) error {
	if err := a.Annual.Upgrade(ctx); err != nil {
		return err
	}
	if a.Identity != nil {
		if err := a.Identity.SealKept(ctx); err != nil {
			return err
		}
	}
	a.offerSearch()
	if a.Search != nil {
		if err := a.Search.Refresh(ctx); err != nil {
			return err
		}
	}
	return a.PublicSearch.Refresh(ctx)
}

// wirePublic makes the rooms that a process needs which serves the public face
// alone. It has only the public store: nothing confidential is there to leak.
func (a *App) wirePublic() (err error) {
	a.Figures = figure.NewRegistry(figure.Stores{Public: a.Public})
	if a.Sites, err = sites.New(sites.Deps{Public: a.Public, Now: a.Now, NewID: ids.New, Cache: a.Cache,
		PublicSearch: a.PublicSearch, Report: headlines{a}, Demo: a.Demo}); err != nil {
		return err
	}
	a.Annual, err = annual.New(annual.Deps{Public: a.Public, Now: a.Now, NewID: ids.New, Cache: a.Cache,
		PublicSearch: a.PublicSearch, Figures: a.Figures, PublicBase: a.reportBase})
	return err
}

func openStore(ctx context.Context, at string, history fsys) (*db.DB, error) {
	d, err := db.Open(ctx, at)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, history); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close closes the stores, when what is being done is given back.
func (a *App) Close() error {
	if a.Jobs != nil {
		a.Jobs.Stop()
	}
	var errs []error
	for _, d := range []*db.DB{a.Work, a.Public} {
		if d != nil {
			errs = append(errs, d.Close())
		}
	}
	return errors.Join(errs...)
}

// wire makes the rooms and hands each what it needs of the others. isDemo says
// whether the installation is a demonstration; it is asked once its store can be.
func (a *App) wire(ctx context.Context, isDemo func(context.Context) (bool, error)) (err error) {
	now, id := a.Now, ids.New
	a.Jobs = jobs.New(a.Work, now, id, a.Log)
	a.Jobs.Lease = cmp.Or(a.Config.Lease, jobs.Lease)
	a.Mail = &mail.Outbox{DB: a.Work, Now: now, NewID: id, Jobs: a.Jobs, Server: a.Config.Mail, Site: a.site,
		Spend: func(body string) string { return identity.HideRequestCodes(identity.HideLinks(body)) },
		Seal:  a.Seal, Log: a.Log, DNS: mail.ResolverAt(a.Config.DNS)}
	a.Jobs.Handle(mail.JobKind, a.Mail.Send)
	a.Remind = remind.New(remind.Deps{Work: a.Work, Now: now, Mail: a.Mail, Jobs: a.Jobs, Site: a.site,
		Opens: a.opens, Holders: a.holders})
	a.Jobs.Handle(remind.JobKind, a.Remind.Remind)
	a.Outbox = publish.New(publish.Deps{Work: a.Work, Public: a.Public, Now: now, Jobs: a.Jobs, Log: a.Log,
		Cache: a.Cache})
	if a.pages, err = ui.NewSet(templates); err != nil {
		return err
	}
	a.Search = &search.Index{DB: a.Work}
	a.Chain = &audittrail.Chain{DB: a.Work, Now: now, Dir: filepath.Join(a.Dir, "audit")}
	people := &peopleOf{a}
	a.Register = register.New(a.Work, now)
	if a.Partnership, err = partnership.New(partnership.Deps{Work: a.Work, Now: now, NewID: id, People: people,
		Register: a.Register, Search: a.Search, Hosts: a.Hosts,
		SectorUses: sectorUses, InUse: a.organisationInUse, Tabs: peopleTabs, More: settingsPages}); err != nil {
		return err
	}
	if !a.Demo {
		if a.Demo, err = isDemo(ctx); err != nil {
			return err
		}
	}
	if a.Imports, err = imports.New(imports.Deps{Work: a.Work, Now: now, NewID: id, Log: a.Log, Jobs: a.Jobs, Dir: a.Dir,
		Tabs: performanceTabs, Covered: a.Partnership.Covered, Cover: a.Partnership.Cover, Demo: a.Demo}); err != nil {
		return err
	}
	address, err := web.Client(a.Proxies...)
	if err != nil {
		return err
	}
	if a.Identity, err = identity.New(identity.Deps{Work: a.Work, Now: now, NewID: id, Mail: a.Mail, Jobs: a.Jobs,
		Site: a.site, Search: a.Search, Address: address, Demo: a.Demo, Tabs: peopleTabs,
		Holdings: a.holdings, Seal: a.Seal, Website: a.Partnership,
		Sending: sendingOf{a}}); err != nil {
		return err
	}
	if a.Training, err = training.New(training.Deps{Work: a.Work, Now: now, NewID: id, Mail: a.Mail, People: people,
		Organisations: a.Partnership, Register: a.Register, Search: a.Search, Site: a.site,
		Guests: trainingGuests{a}}); err != nil {
		return err
	}
	a.offerCodes()
	if a.Audits, err = audits.New(audits.Deps{Work: a.Work, Now: now, NewID: id, Mail: a.Mail, Register: a.Register,
		Search: a.Search, Site: a.site}); err != nil {
		return err
	}
	if a.Reviews, err = reviews.New(reviews.Deps{Work: a.Work, Now: now, NewID: id, Search: a.Search}); err != nil {
		return err
	}
	if a.Files, err = a.newFiles(); err != nil {
		return err
	}
	if a.Plan, err = plan.New(plan.Deps{Work: a.Work, Now: now, NewID: id, Files: a.Files, Mail: a.Mail,
		Site: a.site, People: a.Identity,
		Partners: a.partners, Search: a.Search}); err != nil {
		return err
	}
	if a.Returns, err = returns.New(returns.Deps{Work: a.Work, Beside: a.Imports.Beside}); err != nil {
		return err
	}
	if a.Sites, err = sites.New(sites.Deps{Work: a.Work, Public: a.Public, Now: now, NewID: id, Outbox: a.Outbox,
		Cache: a.Cache, Partnership: publicProfile{a}, Report: headlines{a},
		Search: a.Search, PublicSearch: a.PublicSearch, LinkedFrom: a.reportLinks, Demo: a.Demo,
		PublicURL: a.publicURL, SignIn: "/sign-in", Programme: a.programme()}); err != nil {
		return err
	}
	a.Figures = figure.NewRegistry(figure.Stores{Work: a.Work, Public: a.Public, Now: now}, a.figures()...)
	a.Figures.Terms = register.ReadTerms
	if a.Indicators, err = indicators.New(a.Work, now, id, a.Figures); err != nil {
		return err
	}
	a.Indicators.Tabs, a.Indicators.Search = performanceTabs, a.Search
	a.Indicators.Returns = func(kind string) string {
		k, _ := a.Imports.Kind(kind)
		return k.Title
	}
	if a.Annual, err = annual.New(annual.Deps{Work: a.Work, Public: a.Public, Now: now, NewID: id, Outbox: a.Outbox,
		Search: a.Search, PublicSearch: a.PublicSearch, Cache: a.Cache, Figures: a.Figures, PublicBase: a.reportBase,
		PublicURL: a.publicURL, Mail: a.Mail, Site: a.site, People: a.Identity,
		Partners: a.statutoryPartners}); err != nil {
		return err
	}
	a.Imports.Offer(a.Returns.Kinds()...)
	a.Imports.Offer(a.Training.Kinds()...)
	a.Imports.Offer(a.Sites.Kinds()...)
	a.Imports.Offer(a.Partnership.Kinds()...)
	a.Remind.Offer(slices.Concat(a.Audits.Reminders(), a.Training.Reminders(), a.Plan.Reminders(),
		a.Annual.Reminders(), a.Identity.Reminders())...)
	if a.Letters, err = letters.New(letters.Deps{Work: a.Work, Now: now, NewID: id, Mail: a.Mail,
		Remind: a.Remind, People: a.Identity}); err != nil {
		return err
	}
	a.Duplicates, err = duplicates.New(duplicates.Deps{Work: a.Work, Now: now, NewID: id, Search: a.Search,
		Offers: a.merges(),
		Kinds: []merge.Kind{a.Identity.MergeKind(), a.Partnership.MergeKind(), a.Training.MergeKind(),
			a.Training.SessionKind()}})
	return err
}

// merges are what all rooms keep that points at people, organisations, courses and sessions.
func (a *App) merges() []merge.Offer {
	return slices.Concat(a.Training.Merges(), a.Partnership.Merges(), a.Identity.Merges(), a.Audits.Merges(),
		a.Reviews.Merges(), a.Plan.Merges(), a.Sites.Merges(), a.Annual.Merges())
}

// organisationInUse reports whether anything of any room points at an organisation.
func (a *App) organisationInUse(ctx context.Context, q db.Reader, id string) (bool, error) {
	for _, o := range a.merges() {
		if o.Kind != "organisation" {
			continue
		}
		held, err := o.Held(ctx, q, id)
		if err != nil || slices.ContainsFunc(held, func(h merge.Held) bool { return h.N > 0 }) {
			return err == nil, err
		}
	}
	return false, nil
}

// newFiles makes the store of the files that people add: where their contents are kept,
// and who looks at them for viruses, is as the process was told.
func (a *App) newFiles() (*files.Store, error) {
	d := files.Deps{Work: a.Work, Now: a.Now, NewID: ids.New, Log: a.Log, Jobs: a.Jobs, Dir: a.Dir}
	if a.Config.Files != "" {
		bucket, err := files.ParseBucket(a.Config.Files)
		if err != nil {
			return nil, err
		}
		d.Bucket = bucket
	}
	if a.Clamd != "" {
		clamd, err := files.NewClamd(a.Clamd)
		if err != nil {
			return nil, err
		}
		d.Checker = clamd
	}
	return files.New(d)
}

// isDemo reads whether the installation was made as a demonstration.
func (a *App) isDemo(ctx context.Context) (bool, error) {
	profile, err := a.Partnership.Profile(ctx)
	return profile.Demo, err
}

// site tells who mail is from and where its links lead, as Settings has it now.
func (a *App) site(ctx context.Context, q db.Reader) (mail.Site, error) {
	return a.Partnership.Site(ctx, q)
}

// publicURL is where the public site is, for what is written into its pages.
func (a *App) publicURL() string {
	s, err := a.site(context.Background(), a.Work)
	if err != nil {
		a.Log.Error("read the site's address", "error", err)
	}
	return s.Address
}

func (a *App) figures() []figure.Definition {
	var out []figure.Definition
	for _, defs := range [][]figure.Definition{
		a.Returns.Figures(), a.Training.Figures(), a.Reviews.Figures(), a.Audits.Figures(),
		a.Plan.Figures(), a.Partnership.Figures(), a.Sites.Figures(),
	} {
		out = append(out, defs...)
	}
	return out
}

// readers knows every kind of file and has no database: for checking and counting
// files where there is no installation. Those of a demonstration may be of an invented
// authority.
func readers(demo bool) *imports.Room {
	r := &imports.Room{Deps: imports.Deps{Now: clock.System, NewID: ids.New, Log: slog.Default(), Demo: demo}}
	r.Offer((&returns.Room{}).Kinds()...)
	r.Offer((&training.Room{Deps: training.Deps{Now: clock.System}}).Kinds()...)
	r.Offer((&sites.Room{}).Kinds()...)
	r.Offer((&partnership.Room{}).Kinds()...)
	return r
}

// reportBase is the frame that the built report's pages stand in.
func (a *App) reportBase() ui.Base {
	r, err := http.NewRequest(http.MethodGet, "/report", nil)
	if err != nil {
		return ui.Base{}
	}
	return a.Sites.PublicBase(r)
}
