using System.Globalization;
using PoolProxy.Load.Driver;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Load.Workloads;

/// <summary>What clients say in the workloads.</summary>
internal static class Scripts
{
    private const int Variants = 2048;
    private const string SelectByParameter = "select abalance from pgbench_accounts where aid = $1";

    /// <summary>One row by its key, as a simple query.</summary>
    public static Script SelectSimple { get; } =
        Script.OneOf(Variants, (writer, variant) => writer.Query($"select abalance from pgbench_accounts where aid = {Account(variant)}"));

    /// <summary>The same with Parse, Bind, Describe, Execute, Sync and the unnamed statement.</summary>
    public static Script SelectExtended { get; } =
        Script.OneOf(Variants, (writer, variant) => writer.Extended(SelectByParameter, Account(variant)));

    /// <summary>The same with a statement that was prepared after login: Bind, Execute, Sync.</summary>
    public static Script SelectPrepared { get; } = Script.OneOf(
        Variants,
        (writer, variant) => writer.BindAndExecute("by_key", isDescribed: false, Account(variant)),
        writer =>
        {
            writer.Prepare("by_key", SelectByParameter);
            Sync.Write(writer);
        });

    /// <summary>One row of 1 MiB.</summary>
    public static Script LargeRow { get; } = Script.Always(writer => writer.Query("select repeat('x', 1048576)"));

    /// <summary>Ten thousand small rows.</summary>
    public static Script SmallRows { get; } = Script.Always(writer => writer.Query("select id, label from small_rows"));

    /// <summary>pgbench's TPC-B-like transaction: BEGIN, two UPDATEs around a SELECT, another UPDATE, an INSERT, COMMIT.</summary>
    public static Script TpcB { get; } = new(null, [.. Enumerable.Range(0, Variants).Select(variant => TpcBSteps(variant))]);

    /// <summary>Ten thousand rows by COPY TO STDOUT.</summary>
    public static Script CopyOut { get; } = Script.Always(writer => writer.Query("copy small_rows to stdout"));

    /// <summary>Ten thousand rows by COPY FROM STDIN; the server parses them and keeps none, so that its disk is not what is measured.</summary>
    public static Script CopyIn { get; } = Script.Always(writer => writer.Query("copy copied from stdin where false")) with { CopyData = CopyData() };

    private static byte[][] TpcBSteps(int variant)
    {
        string account = Account(variant);
        int branch = 1 + (variant % Tables.Branches);
        int teller = 1 + (variant * 7 % Tables.Tellers);
        int delta = (variant * 31 % 10_001) - 5000;
        string[] statements =
        [
            "begin",
            $"update pgbench_accounts set abalance = abalance + {delta} where aid = {account}",
            $"select abalance from pgbench_accounts where aid = {account}",
            $"update pgbench_tellers set tbalance = tbalance + {delta} where tid = {teller}",
            $"update pgbench_branches set bbalance = bbalance + {delta} where bid = {branch}",
            $"insert into pgbench_history (tid, bid, aid, delta, mtime) values ({teller}, {branch}, {account}, {delta}, current_timestamp)",
            "end",
        ];
        return [.. statements.Select(statement => Messages.Of(writer => writer.Query(statement)))];
    }

    /// <summary>CopyData of about 8 KB each, as psql sends them, then CopyDone.</summary>
    private static byte[] CopyData() => Messages.Of(writer =>
    {
        foreach (int[] rows in Enumerable.Range(1, Tables.SmallRows).Chunk(400))
        {
            writer.Begin(FrontendType.CopyData);
            writer.WriteText(string.Concat(rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row}\trow number {row}\n"))));
            writer.End();
        }
        CopyDone.Write(writer);
    });

    private static string Account(int variant) => (1 + (variant * 48_271L % Tables.Accounts)).ToString(CultureInfo.InvariantCulture);
}
