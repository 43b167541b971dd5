namespace PoolProxy.Testing.Wire;

/// <summary>One field of a message; lists have the fields of an item.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Item">For lists, the fields of each item; an item of more than one field is written in parentheses.</param>
public sealed record FieldShape(FieldKind Kind, IReadOnlyList<FieldShape> Item);

/// <summary>
/// What a message looks like, protocol-message-formats.html: its name, its type byte, for Authentication… the code behind the header, and its fields.
/// The one table from which messages are written, read and printed.
/// </summary>
/// <param name="Name">The documentation's name.</param>
/// <param name="Side">Who sends it.</param>
/// <param name="Type">The type byte.</param>
/// <param name="Code">The Int32 that tells Authentication… messages apart.</param>
/// <param name="Fields">The fields behind that.</param>
public sealed record MessageShape(string Name, Side Side, byte Type, int? Code, IReadOnlyList<FieldShape> Fields)
{
    private static readonly FieldShape Text = new(FieldKind.Text, []);
    private static readonly FieldShape Int8 = new(FieldKind.Int8, []);
    private static readonly FieldShape Int16 = new(FieldKind.Int16, []);
    private static readonly FieldShape Int32 = new(FieldKind.Int32, []);
    private static readonly FieldShape Letter = new(FieldKind.Letter, []);
    private static readonly FieldShape Value = new(FieldKind.Value, []);
    private static readonly FieldShape Rest = new(FieldKind.Rest, []);
    private static readonly FieldShape Errors = new(FieldKind.ErrorFields, []);

    private static readonly MessageShape[] All =
    [
        Frontend("Query", 'Q', Text),
        Frontend("Parse", 'P', Text, Text, List(Int32)),
        Frontend("Bind", 'B', Text, Text, List(Int16), List(Value), List(Int16)),
        Frontend("Describe", 'D', Letter, Text),
        Frontend("Execute", 'E', Text, Int32),
        Frontend("Close", 'C', Letter, Text),
        Frontend("Sync", 'S'),
        Frontend("Flush", 'H'),
        Frontend("FunctionCall", 'F', Int32, List(Int16), List(Value), Int16),
        Frontend("CopyData", 'd', Rest),
        Frontend("CopyDone", 'c'),
        Frontend("CopyFail", 'f', Text),
        Frontend("Terminate", 'X'),
        // All four start with 'p'; read from the wire it is a PasswordMessage unless its bytes do not fit one.
        Frontend("PasswordMessage", 'p', Text),
        Frontend("SASLInitialResponse", 'p', Text, Value),
        Frontend("SASLResponse", 'p', Rest),

        Authentication("AuthenticationOk", 0),
        Authentication("AuthenticationCleartextPassword", 3),
        Authentication("AuthenticationMD5Password", 5, Rest),
        Authentication("AuthenticationSASL", 10, new FieldShape(FieldKind.TextsUntilEmpty, [])),
        Authentication("AuthenticationSASLContinue", 11, Rest),
        Authentication("AuthenticationSASLFinal", 12, Rest),
        Backend("BackendKeyData", 'K', Int32, Rest),
        Backend("BindComplete", '2'),
        Backend("CloseComplete", '3'),
        Backend("CommandComplete", 'C', Text),
        Backend("CopyData", 'd', Rest),
        Backend("CopyDone", 'c'),
        Backend("CopyInResponse", 'G', Int8, List(Int16)),
        Backend("CopyOutResponse", 'H', Int8, List(Int16)),
        Backend("CopyBothResponse", 'W', Int8, List(Int16)),
        Backend("DataRow", 'D', List(Value)),
        Backend("EmptyQueryResponse", 'I'),
        Backend("ErrorResponse", 'E', Errors),
        Backend("FunctionCallResponse", 'V', Value),
        Backend("NegotiateProtocolVersion", 'v', Int32, new FieldShape(FieldKind.List32, [Text])),
        Backend("NoData", 'n'),
        Backend("NoticeResponse", 'N', Errors),
        Backend("NotificationResponse", 'A', Int32, Text, Text),
        Backend("ParameterDescription", 't', List(Int32)),
        Backend("ParameterStatus", 'S', Text, Text),
        Backend("ParseComplete", '1'),
        Backend("PortalSuspended", 's'),
        Backend("ReadyForQuery", 'Z', Letter),
        // name, table, column, type, type's length, type modifier, format
        Backend("RowDescription", 'T', List(Text, Int32, Int16, Int32, Int16, Int32, Int16)),
    ];

    private static readonly Dictionary<(Side, string), MessageShape> ByName = All.ToDictionary(shape => (shape.Side, shape.Name));
    private static readonly ILookup<(Side, byte), MessageShape> ByType = All.ToLookup(shape => (shape.Side, shape.Type));

    /// <summary>The shape of a message by its name.</summary>
    /// <exception cref="FormatException">No such message goes that way.</exception>
    public static MessageShape Named(Side side, string name) =>
        ByName.TryGetValue((side, name), out MessageShape? shape) ? shape : throw new FormatException($"no {side} message is called {name}");

    /// <summary>The shapes that start with a type byte, the likeliest first; none where no such message exists.</summary>
    public static IEnumerable<MessageShape> Typed(Side side, byte type) => ByType[(side, type)];

    private static FieldShape List(params FieldShape[] item) => new(FieldKind.List16, item);

    private static MessageShape Frontend(string name, char type, params FieldShape[] fields) => new(name, Side.Frontend, (byte)type, null, fields);

    private static MessageShape Backend(string name, char type, params FieldShape[] fields) => new(name, Side.Backend, (byte)type, null, fields);

    private static MessageShape Authentication(string name, int code, params FieldShape[] fields) => new(name, Side.Backend, (byte)'R', code, fields);
}
