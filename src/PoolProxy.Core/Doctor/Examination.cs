using System.Globalization;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor;

/// <summary>One upstream on the table: what every check needs to know, and a conversation with the server, held as the login itself.</summary>
internal sealed class Examination
{
    private const string SearchPath = "search_path";
    private const string SafePath = "pg_catalog, pg_temp";

    private readonly ServerDialogue _dialogue;

    private Examination(Upstream upstream, ServerDialogue dialogue, int versionNumber, IReadOnlyDictionary<string, RoleFacts> roles)
    {
        Upstream = upstream;
        _dialogue = dialogue;
        VersionNumber = versionNumber;
        Roles = roles;
    }

    public Upstream Upstream { get; }

    /// <summary>server_version_num: 150009 is 15.9.</summary>
    public int VersionNumber { get; }

    /// <summary>The login and the roles that it serves, those that exist.</summary>
    public IReadOnlyDictionary<string, RoleFacts> Roles { get; }

    public RoleFacts Login => Roles[Upstream.Login];

    /// <summary>The login was proven by a password.</summary>
    public bool IsByPassword => _dialogue.Facts.IsByPassword;

    /// <summary>The conversation's own process on the server.</summary>
    public int ProcessId => _dialogue.Facts.ProcessId;

    /// <summary>For printed SQL.</summary>
    public string LoginName => SqlText.Name(Upstream.Login);

    /// <summary>Logs in without the role, so that a login is found out about that could not take it.</summary>
    public static ServerTarget TargetFor(Upstream upstream) => upstream.Target with
    {
        // Whatever was altered on the login must not be what answers; pg_catalog alone, so that nobody else's operators and functions do.
        StartupParameters =
        [
            new("application_name", "poolproxy doctor"), new("client_encoding", "UTF8"), new(SearchPath, SafePath), new("statement_timeout", "0"),
            new("standard_conforming_strings", "on"), new("DateStyle", "ISO"), new("local_preload_libraries", ""),
        ],
    };

    public static async Task<Examination> BeginAsync(Upstream upstream, ServerDialogue dialogue)
    {
        var version = int.Parse((await dialogue.QueryAsync("show server_version_num"))[0][0], CultureInfo.InvariantCulture);
        var roles = await RoleFacts.ReadAsync(dialogue, [upstream.Login, .. upstream.Roles], version);
        return new Examination(upstream, dialogue, version, roles);
    }

    /// <summary>Each row as text, NULL as empty. Names of the catalogue need no schema; others are not found without one.</summary>
    /// <exception cref="ServerLoginException">The server answered with an error.</exception>
    public Task<List<string[]>> QueryAsync(string sql) => _dialogue.QueryAsync(sql);

    /// <summary>
    /// Asks with one value where names mean what they mean to a login's lookup. Answers how many values the statement takes and how many columns it has; with more or fewer values than one it is
    /// not carried out.
    /// </summary>
    /// <exception cref="ServerLoginException">The server answered with an error.</exception>
    public async Task<(int Parameters, int Columns)> AskAsLookupAsync(string sql, string value)
    {
        var path = Upstream.Target.StartupParameters.First(parameter => parameter.Key == SearchPath).Value;
        await QueryAsync($"select set_config('{SearchPath}', {SqlText.Literal(path)}, false)");
        try
        {
            return await _dialogue.AskAsync(sql, value);
        }
        finally
        {
            await QueryAsync($"select pg_catalog.set_config('{SearchPath}', '{SafePath}', false)");
        }
    }

    /// <summary>A setting as it stands, or null where the server does not know it.</summary>
    public async Task<string?> SettingAsync(string name) =>
        (await QueryAsync($"select setting from pg_settings where name = {SqlText.Literal(name)}")) is [[var value]] ? value : null;
}
