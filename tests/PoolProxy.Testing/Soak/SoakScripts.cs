using System.Text;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Testing.Soak;

/// <summary>What one person sends, made once: the bytes of a write, and how many ReadyForQuery they are worth.</summary>
internal sealed class SoakScripts
{
    /// <summary>Rows that each person has in each table.</summary>
    public const int RowsEach = 3;

    /// <summary>Statements that one write carries.</summary>
    private const int Depth = 8;

    private const string Tagged = "select tag || '@' || current_user from tagged";
    private const string Signed = "select tag || '@' || current_user from signed";

    private readonly (byte[] Bytes, int Replies)[] _scripts;

    public SoakScripts(string tag)
    {
        string mark = $"insert into marks (tag) values ('{tag}')";
        Opening = Build(1, writer =>
        {
            Parse.Write(writer, "mine"u8, Encoding.ASCII.GetBytes(Tagged));
            Sync.Write(writer);
        }).Bytes;
        _scripts =
        [
            Build(Depth, writer => Repeat(() => Simple(writer, Tagged))),
            Build(Depth, writer => Repeat(() => Simple(writer, Tagged))),
            Build(Depth, writer => Repeat(() => Extended(writer, Tagged))),
            Build(Depth, writer => Repeat(() => Extended(writer, Tagged))),
            Build(Depth, writer => Repeat(() =>
            {
                Bind.Write(writer, ""u8, "mine"u8);
                Execute.Write(writer, ""u8, 0);
                Sync.Write(writer);
            })),
            Build(2, writer =>
            {
                Simple(writer, Signed);
                Extended(writer, Signed);
            }),
            Build(1, writer => Simple(writer, $"{Tagged}; {Signed}; {Tagged}")),
            Build(5, writer =>
            {
                Simple(writer, "begin");
                Extended(writer, Tagged);
                Simple(writer, mark);
                Simple(writer, Tagged);
                Simple(writer, "commit");
            }),
            Build(4, writer =>
            {
                Simple(writer, "begin");
                Simple(writer, Tagged);
                Extended(writer, mark);
                Simple(writer, "rollback");
            }),
            Build(4, writer =>
            {
                Simple(writer, Tagged);
                Extended(writer, "select 1/0");
                Extended(writer, Tagged);
                Simple(writer, "begin; select 1/0; select 1; commit");
                Simple(writer, "rollback");
            }, replies: 5),
            Build(1, writer => Simple(writer, $"copy ({Tagged}) to stdout")),
            Build(1, writer => Simple(writer, mark)),
            Build(2, writer =>
            {
                Parse.Write(writer, ""u8, Encoding.ASCII.GetBytes(Tagged));
                Bind.Write(writer, ""u8, ""u8);
                Execute.Write(writer, ""u8, 0);
                Parse.Write(writer, ""u8, Encoding.ASCII.GetBytes(Signed));
                Bind.Write(writer, ""u8, ""u8);
                Execute.Write(writer, ""u8, 0);
                Sync.Write(writer);
                Simple(writer, "reset all");
            }),
        ];
    }

    /// <summary>Sent behind each login; one reply.</summary>
    public byte[] Opening { get; }

    public (byte[] Bytes, int Replies) Choose(Random chance) => _scripts[chance.Next(_scripts.Length)];

    public static byte[] Query(string sql) => Build(1, writer => Simple(writer, sql)).Bytes;

    private static void Repeat(Action put)
    {
        for (int i = 0; i < Depth; i++)
        {
            put();
        }
    }

    private static void Simple(MessageWriter writer, string sql) => Protocol.Messages.Frontend.Query.Write(writer, Encoding.ASCII.GetBytes(sql));

    private static void Extended(MessageWriter writer, string sql)
    {
        Parse.Write(writer, ""u8, Encoding.ASCII.GetBytes(sql));
        Bind.Write(writer, ""u8, ""u8);
        Execute.Write(writer, ""u8, 0);
        Sync.Write(writer);
    }

    private static (byte[] Bytes, int Replies) Build(int count, Action<MessageWriter> write, int? replies = null)
    {
        using var writer = new MessageWriter();
        write(writer);
        return (writer.WrittenSpan.ToArray(), replies ?? count);
    }
}
