/* Windows events (FORMATS 2.14), whatever they are written in: the values that rules ask
 * for, under the names Sysmon and the Security log give them. A reader fills `values` and
 * hands them on; what a rule matched becomes an alert, the rest is telemetry. */
#ifndef TSUMUGI_WINDOWS_H
#define TSUMUGI_WINDOWS_H

#include "analyst/readers/reader.h"

/* What the log says of every event. */
#define WINDOWS_SYSTEM(V) \
	V(ID, "EventID") V(CHANNEL, "Channel") V(PROVIDER, "Provider") V(COMPUTER, "Computer") \
	V(CREATED, "TimeCreated") V(RECORD_ID, "EventRecordID") V(MESSAGE, "Message")

/* What an event says by name. */
#define WINDOWS_DATA(V) \
	V(UTC_TIME, "UtcTime") V(IMAGE, "Image") V(COMMAND, "CommandLine") V(ORIGINAL_NAME, "OriginalFileName") \
	V(DIRECTORY, "CurrentDirectory") V(USER, "User") V(INTEGRITY, "IntegrityLevel") V(HASHES, "Hashes") \
	V(PARENT, "ParentImage") V(PARENT_COMMAND, "ParentCommandLine") V(PARENT_USER, "ParentUser") \
	V(TARGET_FILE, "TargetFilename") V(TARGET_OBJECT, "TargetObject") V(DETAILS, "Details") \
	V(EVENT_TYPE, "EventType") V(SOURCE_IMAGE, "SourceImage") V(TARGET_IMAGE, "TargetImage") \
	V(ACCESS, "GrantedAccess") V(CALL_TRACE, "CallTrace") V(START_MODULE, "StartModule") \
	V(START_FUNCTION, "StartFunction") V(LOADED, "ImageLoaded") V(SIGNED, "Signed") \
	V(SIGNATURE, "Signature") V(PIPE, "PipeName") V(QUERY_NAME, "QueryName") V(SOURCE_IP, "SourceIp") \
	V(SOURCE_PORT, "SourcePort") V(DESTINATION_IP, "DestinationIp") V(DESTINATION_PORT, "DestinationPort") \
	V(DESTINATION_NAME, "DestinationHostname") V(INITIATED, "Initiated") V(DESTINATION, "Destination") \
	V(CONSUMER, "Consumer") V(SUBJECT, "SubjectUserName") V(SUBJECT_DOMAIN, "SubjectDomainName") \
	V(TARGET, "TargetUserName") V(TARGET_DOMAIN, "TargetDomainName") V(MEMBER, "MemberName") \
	V(MEMBER_SID, "MemberSid") V(TARGET_SID, "TargetSid") V(ADDRESS, "IpAddress") V(ADDRESS_PORT, "IpPort") \
	V(WORKSTATION, "WorkstationName") V(LOGON_TYPE, "LogonType") V(NEW_PROCESS, "NewProcessName") \
	V(PARENT_PROCESS, "ParentProcessName") V(PROCESS_NAME, "ProcessName") V(SERVICE, "ServiceName") \
	V(SERVICE_FILE, "ServiceFileName") V(IMAGE_PATH, "ImagePath") V(ACCOUNT, "AccountName") \
	V(TASK, "TaskName") V(TASK_CONTENT, "TaskContent") V(SHARE, "ShareName") \
	V(SHARE_FILE, "RelativeTargetName") V(OBJECT, "ObjectName") V(ACCESS_MASK, "AccessMask") \
	V(SCRIPT, "ScriptBlockText") V(SCRIPT_PATH, "Path") V(HOST_APPLICATION, "HostApplication") \
	V(THREAT, "Threat Name") V(THREAT_SEVERITY, "Severity Name") V(THREAT_PROCESS, "Process Name") \
	V(THREAT_USER, "Detection User") V(ACTION, "Action Name") V(NEW_VALUE, "New Value") V(RULE_NAME, "RuleName")

/* Those of them, and of the firewall's, that always mean one thing, for tools that hand an event's values on: V(name, kind,
 * role). */
#define WINDOWS_ENTITIES(V) \
	V("WorkstationName", ENTITY_HOST, ROLE_SOURCE), V("SourceIp", ENTITY_IP, ROLE_SOURCE), \
	V("DestinationIp", ENTITY_IP, ROLE_DESTINATION), V("DestinationHostname", ENTITY_DOMAIN, ROLE_DESTINATION), \
	V("DestinationPort", ENTITY_PORT, ROLE_DESTINATION), V("QueryName", ENTITY_DOMAIN, ROLE_DESTINATION), \
	V("IpAddress", ENTITY_IP, ROLE_SOURCE), V("Image", ENTITY_PROCESS, ROLE_ACTOR), \
	V("SourceImage", ENTITY_PROCESS, ROLE_ACTOR), V("NewProcessName", ENTITY_PROCESS, ROLE_ACTOR), \
	V("TargetImage", ENTITY_PROCESS, ROLE_TARGET), V("ParentImage", ENTITY_PROCESS, ROLE_PARENT), \
	V("ParentProcessName", ENTITY_PROCESS, ROLE_PARENT), V("CommandLine", ENTITY_COMMAND, ROLE_ACTOR), \
	V("ParentCommandLine", ENTITY_COMMAND, ROLE_PARENT), V("ScriptBlockText", ENTITY_COMMAND, ROLE_OBSERVED), \
	V("TargetObject", ENTITY_REGISTRY, ROLE_OBSERVED), V("ShareName", ENTITY_PATH, ROLE_TARGET), \
	V("ImagePath", ENTITY_PATH, ROLE_OBSERVED), V("ServiceFileName", ENTITY_PATH, ROLE_OBSERVED), \
	V("TaskName", ENTITY_PATH, ROLE_OBSERVED), V("ImageLoaded", ENTITY_PATH, ROLE_OBSERVED), \
	V("SourceAddress", ENTITY_IP, ROLE_SOURCE), V("DestAddress", ENTITY_IP, ROLE_DESTINATION), \
	V("DestPort", ENTITY_PORT, ROLE_DESTINATION), V("ProcessName", ENTITY_PROCESS, ROLE_ACTOR)

#define WINDOWS_NUMBER(key, name) WINDOWS_##key,
enum windows_value { WINDOWS_SYSTEM(WINDOWS_NUMBER) WINDOWS_DATA(WINDOWS_NUMBER) WINDOWS_VALUES };

extern const char *const windows_names[WINDOWS_VALUES];
extern const struct named defender_actions[];      /* what "Action Name" of Windows Defender says was done */

struct windows {
	const char *values[WINDOWS_VALUES];      /* or NULL */
	struct clocks *clocks;                   /* of the file */
};

/* What the records of a file say of their machines' clocks; lives in the arena. */
struct clocks *clocks_new(struct arena *kept);

/* Ends a record: asks the sink's judge, and fills the alert when there is one to be. */
int windows_give(struct reading *rg, const struct record *rec, struct windows *w, struct fault *f);

#endif
