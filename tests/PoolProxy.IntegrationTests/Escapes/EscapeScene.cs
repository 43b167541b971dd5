using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>One attack, in one way, at one place: what is done, and what came of it.</summary>
internal sealed class EscapeScene(EscapePlace place, Attack attack, Way way) : IAsyncDisposable
{
    /// <summary>The subject of the claims, for a query.</summary>
    public const string Claimed = "select coalesce(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '(nobody)')";

    private const string Reached = "REACHED";
    private const int ProbesOnABusyPool = 4;

    private readonly List<string> _story = [];
    private readonly List<RawClient> _clients = [];
    private bool _isReached;
    private bool _hasProxyRefused;
    private bool _hasPostgresRefused;

    public EscapePlace Place => place;

    public Way Way => way;

    public Installation Here => place.Here;

    /// <summary>What came of it. Who reaches something has not been stopped, whatever else was refused on the way.</summary>
    public Outcome Outcome => _isReached ? Outcome.ByDesign : _hasProxyRefused ? Outcome.Proxy : _hasPostgresRefused ? Outcome.PostgreSQL : Outcome.Harmless;

    /// <summary>What was said, for a test that fails.</summary>
    public string Story => string.Join('\n', _story);

    public async Task PlayAsync()
    {
        if (attack.Plays is { } plays)
        {
            await plays(this);
        }
        else
        {
            await using RawClient mallory = await LoginAsync("mallory");
            foreach (string sql in attack.First)
            {
                await mallory.DoAsync(place.Text(sql));
            }
            await AttackAsync(mallory, attack.Does, attack.Proof);
        }
        foreach (Probe probe in attack.Probes)
        {
            await AskAsync(probe);
        }
    }

    /// <summary>Logs in as a reader.</summary>
    public async Task<RawClient> LoginAsync(string subject)
    {
        RawClient client = await Here.LoginAsync(subject);
        _clients.Add(client);
        return client;
    }

    /// <summary>Sends statements in the scene's way, with the proof behind them, and takes note of what is said.</summary>
    public async Task<IReadOnlyList<WireMessage>> AttackAsync(RawClient mallory, string[] does, string? proof = null)
    {
        string[] statements = [.. does.Select(place.Text), .. proof is null ? (string[])[] : [place.Text($"select case when {proof} then 'REACHED' else 'no' end")]];
        IReadOnlyList<WireMessage> said = await WaySender.SendAsync(mallory, way, statements);
        Note(said);
        return said;
    }

    /// <summary>Takes note of answers to mallory, or of refusals to a victim.</summary>
    public void Note(IEnumerable<WireMessage> messages)
    {
        foreach (WireMessage message in messages)
        {
            if (message.Name is "ErrorResponse" or "DataRow")
            {
                _story.Add(message.ToString());
            }
            if (message.Name == "DataRow" && message.Values.Contains(Reached))
            {
                _isReached = true;
            }
            else if (message.Name == "ErrorResponse")
            {
                Note(message);
            }
        }
    }

    /// <summary>The attack has reached something.</summary>
    public void NoteReached(string what)
    {
        _story.Add("reached: " + what);
        _isReached = true;
    }

    /// <summary>A server was given up, or a login refused.</summary>
    public void NoteProxyRefused(string what)
    {
        _story.Add("refused by the proxy: " + what);
        _hasProxyRefused = true;
    }

    /// <summary>Ends the servers of the readers' login: what comes next is another session.</summary>
    public Task EndServersAsync() => Here.Database.ExecuteAsync(
        place.Text("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '{login}' and pid <> {sibling}"));

    /// <summary>Whoever the session served before: alice is alice, and wendy is wendy, and neither hears of what is not theirs.</summary>
    public async Task ExpectUnharmedAsync()
    {
        await ExpectAsync(Who.Victim, Here.Readers, "alice", "of alice", "to alice");
        await ExpectAsync(Who.Writer, Here.Writers, "wendy", "", "");
        place.ExpectBystandersUnharmed();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RawClient client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private void Note(WireMessage error)
    {
        // PostgreSQL names the routine that raised an error; the proxy has none.
        if (error.ErrorField('R') is not null)
        {
            _hasPostgresRefused = true;
            return;
        }
        if (error.SqlState == "26000")
        {
            // A statement whose Parse was refused before is executed in vain.
            return;
        }
        Assert.True(error.SqlState == "08006" || (error.SqlState == "42501" && error.ErrorField('H') is not null), $"a refusal is 42501 with a hint: {error}");
        _hasProxyRefused = true;
    }

    private async Task AskAsync(Probe probe)
    {
        for (int i = 0; i < (place.IsBusy && probe.Who != Who.Administrator ? ProbesOnABusyPool : 1); i++)
        {
            string said;
            if (probe.Who == Who.Administrator)
            {
                said = await place.Administrator.SaysAsync(place.Text(probe.Sql));
            }
            else
            {
                await using RawClient client = await LoginAsync(probe.Who);
                IReadOnlyList<WireMessage> messages = await client.QueryAsync(place.Text(probe.Sql));
                if (messages.FirstOrDefault(message => message.Name == "ErrorResponse" && message.SqlState == "08006") is { } lost)
                {
                    Note(lost);
                    messages = await client.QueryAsync(place.Text(probe.Sql));
                }
                Assert.DoesNotContain(messages, message => message.Name == "NotificationResponse");
                said = RawClientQuestions.Said(messages);
            }
            _story.Add($"{probe.Who}: {probe.Sql} -> {said}");
            if (said == "42501" && probe.MustSay == "42501")
            {
                _hasPostgresRefused = true;
            }
            else if (said != probe.MustSay)
            {
                NoteReached(probe.Sql);
            }
        }
    }

    private Task<RawClient> LoginAsync(Who who) => place.LoginAsync(who);

    private async Task ExpectAsync(Who who, string role, string subject, string notes, string letters)
    {
        const string asks = $"""
            select current_user || ' ' || ({Claimed}) || ' ' || coalesce(poolproxy.subject(), '(nobody)') || ' ' || coalesce((select string_agg(body, ',') from notes), '')
                || ' ' || coalesce((select string_agg(body, ',') from letters), '')
            """;
        IReadOnlyList<WireMessage> said = await place.AskResidentAsync(who, asks);
        if (said.SqlState() == "08006")
        {
            // The server was given up for what mallory had done to it; the next is a new one.
            NoteProxyRefused(said.ErrorText());
            said = await place.AskResidentAsync(who, asks);
        }
        Assert.True($"{role} {subject} {subject} {notes} {letters}" == RawClientQuestions.Said(said), $"{subject} got {string.Join("; ", said)}\n{Story}");
        Assert.All(said, message => Assert.True(message.Name is not ("NoticeResponse" or "NotificationResponse"), $"{subject} heard {message}"));
    }
}
