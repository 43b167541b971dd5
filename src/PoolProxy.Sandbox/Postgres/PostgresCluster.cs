using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// A throwaway PostgreSQL: its own data folder, a Unix socket in a folder with a short path, a port of 127.0.0.1, UTF8, locale C, fsync off.
/// It lives until it is disposed or this process ends, in whatever way; then the server stops at once and its folder is removed.
/// Methods may be called from any thread; start and stop take turns.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>The cluster's superuser.</summary>
    public const string Superuser = "postgres";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);
    private const int PortTries = 5;
    private const int LogTailLines = 30;

    private readonly ClusterGuard _guard;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile int _postmasterId;
    private int _disposed;

    private PostgresCluster(string root, PostgresBinaries binaries, PostgresClusterOptions options, ClusterGuard guard)
    {
        Root = root;
        Binaries = binaries;
        _guard = guard;
        Settings = new Dictionary<string, string>(options.Settings);
        HbaLines = [.. options.HbaLines];
        IdentLines = [.. options.IdentLines];
        Certificate = options.Certificate;
        ClientAuthorityFile = options.ClientAuthorityFile;
        Port = LoopbackPorts.Take();
    }

    /// <summary>The installation that runs it.</summary>
    public PostgresBinaries Binaries { get; }

    /// <summary>The TCP address, <c>127.0.0.1</c>.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The TCP port, which names the Unix socket too.</summary>
    public int Port { get; private set; }

    /// <summary>The folder of the Unix socket, a dozen characters long.</summary>
    public string SocketFolder => Path.Combine(Root, "s");

    /// <summary>The data folder.</summary>
    public string DataFolder => Path.Combine(Root, "data");

    /// <summary>The server's log.</summary>
    public string LogFile => Path.Combine(Root, "server.log");

    /// <summary>The postmaster's process id, 0 while it is stopped.</summary>
    public int PostmasterId => _postmasterId;

    /// <summary>The caller's settings, plain values. A change counts from the next start or <see cref="ReloadAsync"/> on.</summary>
    public IDictionary<string, string> Settings { get; }

    /// <summary>The caller's lines of pg_hba.conf. A change counts from the next start or <see cref="ReloadAsync"/> on.</summary>
    public IList<string> HbaLines { get; }

    /// <summary>The lines of pg_ident.conf. A change counts from the next start or <see cref="ReloadAsync"/> on.</summary>
    public IList<string> IdentLines { get; }

    /// <summary>The server's certificate and key, null for no TLS. A change counts from the next start or <see cref="ReloadAsync"/> on.</summary>
    public CertificateFiles? Certificate { get; set; }

    /// <summary>The PEM file of the authority of client certificates. A change counts from the next start or <see cref="ReloadAsync"/> on.</summary>
    public string? ClientAuthorityFile { get; set; }

    private string Root { get; }

    /// <summary>Makes a cluster and starts it; returns when it takes connections.</summary>
    /// <exception cref="SandboxException">No PostgreSQL, or it did not start: the message ends with the tail of its log.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions? options = null, CancellationToken cancellation = default)
    {
        SandboxEnvironment.Clear();
        options ??= new PostgresClusterOptions();
        PostgresBinaries binaries = options.StandbyOf?.Binaries ?? options.Binaries ?? await PostgresBinaries.FindAsync(options.Wish, cancellation);
        string template = await ClusterTemplate.GetAsync(binaries, cancellation);
        // sun_path holds 108 bytes; the name must be nobody's guess, because /tmp is everybody's.
        string root = "/tmp/pp-" + RandomNumberGenerator.GetHexString(10, lowercase: true);
        ClusterGuard guard = await ClusterGuard.StartAsync(root, template, binaries, cancellation);
        var cluster = new PostgresCluster(root, binaries, options, guard);
        if (options.StandbyOf is { } primary)
        {
            ClusterConfiguration.Follow(cluster, primary);
        }
        try
        {
            await cluster.StartServerAsync(cancellation);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
        return cluster;
    }

    /// <summary>Makes a folder that goes when the cluster goes, and only this process' account can enter; for files that belong to a cluster's story.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(
        Path.Combine(Root, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    /// <summary>A connection string for Npgsql, by TCP, without pooling. TLS is off.</summary>
    public string ConnectionString(string database = Superuser, string user = Superuser, string? password = null) =>
        Connection(Host, database, user, password).ConnectionString;

    /// <summary>Runs statements as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = Superuser, CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await OpenAsync(database, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a query as the superuser and returns the first column of its first row; the default where there is no row or it is null.</summary>
    public async Task<T?> QueryAsync<T>(string sql, string database = Superuser, CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await OpenAsync(database, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
    }

    /// <summary>Opens a connection as the superuser, through the Unix socket. The caller disposes it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database = Superuser, CancellationToken cancellation = default)
    {
        var connection = new NpgsqlConnection(Connection(SocketFolder, database, Superuser, null).ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a stopped server, with the settings as they are now.</summary>
    public async Task StartServerAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            for (int tries = 1; ; tries++)
            {
                WriteConfiguration();
                int processId = await _guard.StartServerAsync(cancellation);
                if (await BecomesReadyAsync(processId, cancellation))
                {
                    _postmasterId = processId;
                    return;
                }
                int status = await _guard.ReapServerAsync(cancellation);
                string tail = LogTail();
                // Somebody took the port between our look and the server's bind.
                if (tries == PortTries || !tail.Contains("Address already in use", StringComparison.Ordinal))
                {
                    throw new SandboxException($"PostgreSQL {Binaries.Version} ended with {status} instead of starting:\n{tail}");
                }
                Port = LoopbackPorts.Take();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the server and waits for its end. Nothing happens where it is stopped already.</summary>
    /// <exception cref="SandboxException">It has not stopped after a minute; a smart stop waits for clients.</exception>
    public async Task StopServerAsync(PostgresStop how = PostgresStop.Fast, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_postmasterId == 0)
            {
                return;
            }
            Posix.Kill(_postmasterId, (int)how);
            long started = Stopwatch.GetTimestamp();
            while (IsAlive(_postmasterId))
            {
                if (Stopwatch.GetElapsedTime(started) > StopDeadline)
                {
                    throw new SandboxException($"PostgreSQL {Binaries.Version} has not stopped ({how}) after {StopDeadline.TotalSeconds} s:\n{LogTail()}");
                }
                await Task.Delay(5, cancellation);
            }
            await _guard.ReapServerAsync(cancellation);
            _postmasterId = 0;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops and starts it again on the same port.</summary>
    public async Task RestartServerAsync(PostgresStop how = PostgresStop.Fast, CancellationToken cancellation = default)
    {
        await StopServerAsync(how, cancellation);
        await StartServerAsync(cancellation);
    }

    /// <summary>Writes the configuration files anew and has the server read them; returns when it has.</summary>
    public async Task ReloadAsync(CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellation: cancellation);
        await using var loaded = new NpgsqlCommand("select pg_conf_load_time()::text", connection);
        object? before = await loaded.ExecuteScalarAsync(cancellation);
        WriteConfiguration();
        Posix.Kill(PostmasterId, 1);
        long started = Stopwatch.GetTimestamp();
        while (Equals(await loaded.ExecuteScalarAsync(cancellation), before))
        {
            if (Stopwatch.GetElapsedTime(started) > StartDeadline)
            {
                throw new SandboxException("PostgreSQL has not read its configuration again:\n" + LogTail());
            }
            await Task.Delay(5, cancellation);
        }
    }

    /// <summary>Ends a standby's recovery; returns when it takes writes.</summary>
    public Task PromoteAsync(CancellationToken cancellation = default) =>
        ExecuteAsync("select pg_promote(wait => true, wait_seconds => 60)", cancellation: cancellation);

    /// <summary>kill -9 of one backend: the postmaster then ends all others too and recovers.</summary>
    public void KillBackend(int backendId) => SignalBackend(backendId, 9);

    /// <summary>Freezes one backend (SIGSTOP): its connections stay, nothing answers.</summary>
    public void FreezeBackend(int backendId) => SignalBackend(backendId, 19);

    /// <summary>Lets a frozen backend go on (SIGCONT).</summary>
    public void ThawBackend(int backendId) => SignalBackend(backendId, 18);

    /// <summary>pg_terminate_backend: the backend tells its client 57P01 and ends.</summary>
    public Task TerminateBackendAsync(int backendId, CancellationToken cancellation = default) =>
        ExecuteAsync($"select pg_terminate_backend({backendId})", cancellation: cancellation);

    /// <summary>The last lines of the server's log.</summary>
    public string LogTail(int lines = LogTailLines) =>
        File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(lines)) : "(no log)";

    /// <summary>Stops the server at once and removes its folder. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _postmasterId = 0;
        await _guard.DisposeAsync();
        _turn.Dispose();
    }

    private static NpgsqlConnectionStringBuilder Connection(string host, int port, string database, string user, string? password) => new()
    {
        Host = host,
        Port = port,
        Database = database,
        Username = user,
        Password = password,
        Pooling = false,
        SslMode = SslMode.Disable,
        Timeout = 15,
    };

    private NpgsqlConnectionStringBuilder Connection(string host, string database, string user, string? password) =>
        Connection(host, Port, database, user, password);

    private void WriteConfiguration() => ClusterConfiguration.Write(this);

    /// <summary>Waits for the last line of postmaster.pid to say <c>ready</c>, as pg_ctl does; false when the process ends first.</summary>
    private async Task<bool> BecomesReadyAsync(int processId, CancellationToken cancellation)
    {
        string file = Path.Combine(DataFolder, "postmaster.pid");
        long started = Stopwatch.GetTimestamp();
        while (IsAlive(processId))
        {
            if (File.Exists(file))
            {
                // PG_VERSION 15 to 18: pid, data folder, start time, port, socket folder, address, shared memory, status
                string[] lines = await File.ReadAllLinesAsync(file, cancellation);
                if (lines.Length >= 8 && lines[0] == processId.ToString() && lines[7].StartsWith("ready", StringComparison.Ordinal))
                {
                    return true;
                }
            }
            if (Stopwatch.GetElapsedTime(started) > StartDeadline)
            {
                throw new SandboxException($"PostgreSQL {Binaries.Version} is not ready after {StartDeadline.TotalSeconds} s:\n{LogTail()}");
            }
            await Task.Delay(5, cancellation);
        }
        return false;
    }

    /// <summary>Signals a child of the postmaster, and nothing else: a process id may have gone to a stranger.</summary>
    private void SignalBackend(int backendId, int signal)
    {
        if (ProcessStatus.Read(backendId) is not { } status || status.ParentId != PostmasterId)
        {
            throw new SandboxException($"{backendId} is not a backend of this cluster");
        }
        Posix.Kill(backendId, signal);
    }

    private static bool IsAlive(int processId) => ProcessStatus.Read(processId) is { IsZombie: false };
}
