"""Which fields that mean nothing here are taken without a word? Those that TalkJS's clients send.

All others that a body does not know are refused, with the nearest that it does (design, "Strict at
the edge"). This is the whole list of exceptions, by body. Each is there for one reason: clients
write back what they have read, or send what an older edition of TalkJS knew, and their servers take
it. What would be lost by that (an attachment, a time of before) is never in it.
"""

# By the name of the body; the fields as they stand in JSON (talkjs-spec, 1 and 2.7).
TAKEN_FOR_TALKJS: dict[str, frozenset[str]] = {
    # What GET of a user gives back, and a picture and a role's name of older SDKs.
    "UserBody": frozenset({"id", "createdAt", "headerPhotoUrl", "configuration"}),
    # What GET of a conversation, and of a user's conversations, gives back.
    "ConversationBody": frozenset(
        {
            "id", "createdAt", "lastMessage", "topicId", "everyoneReadUntil", "isUnread",
            "unreadMessageCount", "lastMessageAt", "readUntil", "joinedAt",
        }
    ),
    # What newer reads say of a participant.
    "ParticipantBody": frozenset({"id", "isUnread", "joinedAt", "readUntil"}),
    # What a message that was read says of itself, as far as sending cannot mean it.
    "MessageBody": frozenset({"conversationId", "origin", "editedAt"}),
    "EditBody": frozenset({"id", "conversationId", "type", "origin", "createdAt", "editedAt"}),
    # There are no background sessions: each that is told of is a page that is seen.
    "PresencesBody": frozenset({"includeBackgroundSessions"}),
    "AppBody": frozenset({"createdAt"}),
    # What GET of a role gives back.
    "RoleBody": frozenset({"name", "warnings"}),
}  # fmt: skip
