package contract

// Code is a stable error code. Codes are added, never renamed or removed.
type Code string

// The codes of version 1; CodeDocs has them with a sentence each.
const (
	CodeBadFrame        Code = "bad_frame"
	CodeBadVersion      Code = "bad_version"
	CodeUnknownCommand  Code = "unknown_command"
	CodeBadField        Code = "bad_field"
	CodeTooLarge        Code = "too_large"
	CodeUnauthorized    Code = "unauthorized"
	CodeNoSuchObject    Code = "no_such_object"
	CodeSlotError       Code = "slot_error"
	CodeNotUnderstood   Code = "not_understood"
	CodeMethodError     Code = "method_error"
	CodeSyntaxError     Code = "syntax_error"
	CodeAuditRefused    Code = "audit_refused"
	CodeOrganization    Code = "organization"
	CodeConflict        Code = "conflict"
	CodeFuel            Code = "fuel"
	CodeMemory          Code = "memory"
	CodeDepth           Code = "depth"
	CodeDeadline        Code = "deadline"
	CodeBudget          Code = "budget"
	CodeMindUnavailable Code = "mind_unavailable"
	CodeWaiting         Code = "waiting"
	CodeCancelled       Code = "cancelled"
	CodeStorage         Code = "storage"
	CodeReadOnly        Code = "read_only"
	CodeShuttingDown    Code = "shutting_down"
	CodeInternal        Code = "internal"
)

// CodeDoc explains one code in a sentence.
type CodeDoc struct {
	Code Code
	Doc  string
}

// CodeDocs lists every code in the contract's order.
var CodeDocs = []CodeDoc{
	{CodeBadFrame, "The bytes are not one MessagePack map of the values that the contract knows."},
	{CodeBadVersion, "The frame's v is missing or is a version that this image does not speak."},
	{CodeUnknownCommand, "There is no such command; the message names the nearest one."},
	{CodeBadField, "A field is missing, unknown to the command, or has a value of the wrong type."},
	{CodeTooLarge, "The frame, or the answer to it, is over a size limit."},
	{CodeUnauthorized, "The session was not opened with hello, or its rights do not cover the command."},
	{CodeNoSuchObject, "The target names no object of the image."},
	{CodeSlotError, "The object has no such slot, or the slot cannot take the value."},
	{CodeNotUnderstood, "The receiver did not understand the message and its mind found no answer."},
	{CodeMethodError, "The method raised an exception that nothing caught; the traceback tells where."},
	{CodeSyntaxError, "The code does not parse; line and col tell where."},
	{CodeAuditRefused, "The code parses but the audit does not let it into the image."},
	{CodeOrganization, "The change would break an invariant of the image's organisation."},
	{CodeConflict, "Others kept changing the same objects, or expect_tid was no longer true."},
	{CodeFuel, "The message used up its instructions."},
	{CodeMemory, "The message used up its memory."},
	{CodeDepth, "The message nested too many activations."},
	{CodeDeadline, "The message used up its time."},
	{CodeBudget, "A budget for minds is used up."},
	{CodeMindUnavailable, "No mind could be reached."},
	{CodeWaiting, "The message waits for a mind or a person and has no value yet."},
	{CodeCancelled, "The request was cancelled before it finished."},
	{CodeStorage, "The store failed; restart to go on from the last durable transaction."},
	{CodeReadOnly, "The image is open for reading only."},
	{CodeShuttingDown, "The image is closing and takes no new messages."},
	{CodeInternal, "A fault of the program itself; please report it with the message."},
}
