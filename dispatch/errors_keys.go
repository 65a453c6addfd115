package dispatch

// The keys of the texts that this package's errors name. ErrorKeys lists
// them, so that a catalogue of texts can be checked to have each.
const (
	KeyForbidden        = "error.forbidden"
	KeyUnknownAction    = "error.unknown-action"
	KeyJobStep          = "error.job-step"          // {action} {state}
	KeyIncidentStep     = "error.incident-step"     // {action} {state}
	KeySameCrew         = "error.same-crew"         // the crew already has the job
	KeyCrewRequired     = "error.crew-required"     //
	KeyCrewRetired      = "error.crew-retired"      // {crew}
	KeyReasonRequired   = "error.reason-required"   //
	KeyBadText          = "error.bad-text"          // not UTF-8
	KeyTooLong          = "error.too-long"          // {max} {length}
	KeyClockStopped     = "error.clock-stopped"     //
	KeyClockPaused      = "error.clock-paused"      //
	KeyClockRunning     = "error.clock-running"     //
	KeyMergeSelf        = "error.merge-self"        //
	KeyMergeClosed      = "error.merge-closed"      // the incident to merge into is not open
	KeySplitLast        = "error.split-last"        // an incident keeps at least one report
	KeySplitOther       = "error.split-other"       // the report is not this incident's
	KeyUnknownQuestion  = "error.unknown-question"  // {question}
	KeyAnswerKind       = "error.answer-kind"       // {question} {kind}
	KeyUnknownChoice    = "error.unknown-choice"    // {question} {choice}
	KeyCategoryRetired  = "error.category-retired"  // {category}
	KeyBadPriority      = "error.bad-priority"      // {min} {max}
	KeyBadCalendar      = "error.bad-calendar"      //
	KeyNoWorkingDay     = "error.no-working-day"    // a week without a whole working day
	KeyIncidentHasWork  = "error.incident-has-work" // withholding while jobs run
	KeyNothingToChange  = "error.nothing-to-change" //
	KeyCatalogueInvalid = "error.catalogue-invalid" // {category}
	KeyUnknownDuty      = "error.unknown-duty"      //
	KeyBadUntil         = "error.bad-until"         // not ahead, or too far
	KeyDutyStep         = "error.duty-step"         // a break from another state than work
	KeyShiftSpan        = "error.shift-span"        // ends before it begins, or lasts too long
	KeyShiftFull        = "error.shift-full"        // too many people or skills
	KeyNameless         = "error.nameless"          //
	KeyBadOp            = "error.bad-op"            // an operation's field can't be read
	KeyUnknownOp        = "error.unknown-op"        // {kind}
)

// ErrorKeys lists the keys that this package's errors may carry.
func ErrorKeys() []string {
	return []string{
		KeyForbidden, KeyUnknownAction, KeyJobStep, KeyIncidentStep, KeySameCrew, KeyCrewRequired, KeyCrewRetired,
		KeyReasonRequired, KeyBadText, KeyTooLong, KeyClockStopped, KeyClockPaused, KeyClockRunning, KeyMergeSelf,
		KeyMergeClosed, KeySplitLast, KeySplitOther, KeyUnknownQuestion, KeyAnswerKind, KeyUnknownChoice,
		KeyCategoryRetired, KeyBadPriority, KeyBadCalendar, KeyNoWorkingDay, KeyIncidentHasWork, KeyNothingToChange,
		KeyCatalogueInvalid, KeyUnknownDuty, KeyBadUntil, KeyDutyStep, KeyShiftSpan, KeyShiftFull, KeyNameless,
		KeyBadOp, KeyUnknownOp,
	}
}
