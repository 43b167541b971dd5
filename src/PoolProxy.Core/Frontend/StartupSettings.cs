using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// What a client's startup packet asks for, passed through an allow-list: who, where, and the run-time parameters that it may choose.
/// Never role, session_authorization, request.*, poolproxy.*, libraries to load, or exit_on_error (isolation.md §4). One object for all clients of
/// a loop that sent the same packet (<see cref="StartupCache"/>): nothing in it is one client's own.
/// </summary>
internal sealed class StartupSettings
{
    private static readonly HashSet<string> Allowed = new(StringComparer.OrdinalIgnoreCase)
    {
        "application_name", "client_encoding", "DateStyle", "IntervalStyle", "TimeZone", "standard_conforming_strings", "search_path",
        "extra_float_digits", "bytea_output", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout",
        "default_transaction_isolation", "default_transaction_read_only", "default_transaction_deferrable", "client_min_messages",
        "lc_messages", "lc_monetary", "lc_numeric", "lc_time", "plan_cache_mode", "work_mem", "xmlbinary", "xmloption", "geqo", "jit",
    };

    /// <summary>What PgBouncer keeps track of for every client.</summary>
    private static readonly HashSet<string> AlwaysTracked = new(StringComparer.OrdinalIgnoreCase) { "application_name", "client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings" };

    private static readonly string[] NeverPrefixes = ["request.", "poolproxy."];

    private static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "role", "session_authorization", "exit_on_error", "session_preload_libraries", "local_preload_libraries", "shared_preload_libraries",
    };

    private readonly List<KeyValuePair<string, string>> _parameters = [];
    private Welcome? _welcome;

    /// <summary>The protocol version that will be spoken.</summary>
    public int Version { get; private init; }

    public string User { get; private set; } = "";

    public string Database { get; private set; } = "";

    public string ApplicationName { get; private set; } = "";

    /// <summary>It asks for a replication connection.</summary>
    public ReplicationKind Replication { get; private set; }

    /// <summary>The parameters to hold for the session, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>Reads a startup packet's parameters; the error is for the client, after its identity is proven.</summary>
    public static StartupSettings Read(scoped in StartupMessage message, IReadOnlyList<string> extra, IReadOnlyList<string> ignored, out ProxyError? error)
    {
        var settings = new StartupSettings { Version = message.AgreedVersion };
        error = null;
        foreach (var parameter in message.Parameters)
        {
            var name = Encoding.UTF8.GetString(parameter.Name);
            var value = Encoding.UTF8.GetString(parameter.Value);
            switch (name)
            {
                case "user":
                    settings.User = value;
                    break;
                case "database":
                    settings.Database = value;
                    break;
                case "replication" when ReplicationWord.TryRead(value, out var replication):
                    settings.Replication = replication;
                    break;
                case "replication":
                    error ??= LoginErrors.InvalidReplication(value);
                    break;
                case "options":
                    error ??= settings.AddOptions(value, extra, ignored);
                    break;
                default:
                    if (!StartupParameters.IsProtocolOption(parameter.Name))
                    {
                        error ??= settings.Add(name, value, extra, ignored, isOption: false);
                    }

                    break;
            }
        }

        settings.Database = settings.Database.Length == 0 ? settings.User : settings.Database;
        return settings;
    }

    /// <summary>The parameters as a tracked set, on top of what a server of the pool is like.</summary>
    public ParameterSet Track(ParameterSet start, ParameterRegistry registry) => Track(start, _parameters, registry);

    /// <summary>Settings on top of a tracked set.</summary>
    public static ParameterSet Track(ParameterSet start, IEnumerable<KeyValuePair<string, string>> settings, ParameterRegistry registry)
    {
        var set = start;
        foreach (var (name, value) in settings)
        {
            if (registry.Names.Find(name) is { } tracked)
            {
                set = registry.With(set, tracked, Encoding.UTF8.GetBytes(value).AsSpan());
            }
        }

        return set;
    }

    /// <summary>How a client with this packet begins on the route; kept for the next.</summary>
    public Welcome WelcomeOn(Route route, ServerFacts facts, string role, RuleGift gift, ParameterRegistry registry)
    {
        if (_welcome is not { } welcome || !welcome.IsFor(route, facts, role, gift))
        {
            _welcome = welcome = new Welcome(route, facts, role, gift, this, registry);
        }

        return welcome;
    }

    /// <summary>application_name_add_host: where the client comes from, behind its own name. Then the packet is that client's alone.</summary>
    public void AddHost(string host)
    {
        ApplicationName = ApplicationName.Length == 0 ? $"app - {host}" : $"{ApplicationName} - {host}";
        _parameters.RemoveAll(pair => pair.Key.Equals("application_name", StringComparison.OrdinalIgnoreCase));
        _parameters.Add(new("application_name", ApplicationName));
    }

    private ProxyError? Add(string name, string value, IReadOnlyList<string> extra, IReadOnlyList<string> ignored, bool isOption)
    {
        // As PgBouncer: what it keeps track of counts all the same. What only we would take is ignored where the administrator says so.
        if (ignored.Contains(name, StringComparer.OrdinalIgnoreCase) && !AlwaysTracked.Contains(name) && !extra.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var isIgnoredOption = isOption && ignored.Contains("options", StringComparer.OrdinalIgnoreCase);
        if (Never.Contains(name) || Array.Exists(NeverPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return isIgnoredOption ? null : LoginErrors.StartupParameterRefused(name);
        }

        if (Allowed.Contains(name) || extra.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            if (name.Equals("application_name", StringComparison.OrdinalIgnoreCase))
            {
                ApplicationName = value;
            }

            _parameters.Add(new(name, value));
            return null;
        }

        return isIgnoredOption ? null : isOption ? LoginErrors.UnsupportedStartupOption(name) : LoginErrors.UnsupportedStartupParameter(name);
    }

    /// <summary>
    /// The <c>options</c> of a startup packet: <c>-c name=value</c> and <c>--name=value</c>, a backslash before a space that belongs to a value
    /// (postgres.c, pg_split_opts).
    /// </summary>
    private ProxyError? AddOptions(string options, IReadOnlyList<string> extra, IReadOnlyList<string> ignored)
    {
        var words = Split(options);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word is "-c" && i + 1 < words.Count)
            {
                word = words[++i];
            }
            else if (word.StartsWith("-c", StringComparison.Ordinal) || word.StartsWith("--", StringComparison.Ordinal))
            {
                word = word[2..];
            }
            else
            {
                return LoginErrors.UnsupportedOptions;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return LoginErrors.UnsupportedOptions;
            }

            // PostgreSQL reads dashes in a long option's name as underscores.
            if (Add(word[..equals].Replace('-', '_'), word[(equals + 1)..], extra, ignored, isOption: true) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static List<string> Split(string options)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] == '\\' && i + 1 < options.Length)
            {
                word.Append(options[++i]);
            }
            else if (char.IsWhiteSpace(options[i]))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(options[i]);
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
