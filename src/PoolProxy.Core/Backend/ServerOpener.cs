using System.Net.Sockets;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using IPAddress = System.Net.IPAddress;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Opens a server connection, step by step: 1. connect; 2. TLS as server_tls_sslmode wants it; 3. log in; 4. the checks behind the login,
/// what the host is, and connect_query. Cold code on the loop; the whole of it within server_connect_timeout.
/// </summary>
internal sealed class ServerOpener(Loop loop, ParameterRegistry registry, HostResolver resolver) : IServerOpener
{
    public Task<ServerConnection> OpenAsync(ServerTarget target, IServerOwner owner) =>
        InTurnAsync(target, (at, address, isOneOfMany) => OpenAtAsync(at, owner, address, isOneOfMany));

    private Task<ServerConnection> OpenAtAsync(ServerTarget target, IServerOwner owner, IPAddress? address, bool isOneOfMany) => LogInAsync(target, address, async (dialogue, channel, deadline) =>
    {
        // First of all: what somebody has set on the login must not be what makes the server unfit, or ends the question about it, and nobody is told.
        await ServerChecks.RunAsync(dialogue, target);
        var nature = target.AsksNature ? await HostQuestion.AskAsync(dialogue) with { IsOneOfMany = isOneOfMany } : null;
        if (nature is not null && !nature.Fits(target.Demand))
        {
            channel.Write(Terminate.Bytes);
            throw new ServerLoginException($"not used: it is a {nature}") { Unfit = nature };
        }

        if (nature is not null)
        {
            owner.HostAnswered(target, nature);
        }

        await ServerChecks.ConnectQueryAsync(dialogue, target);
        var facts = dialogue.Facts with { Nature = nature, Session = target.SignsIdentity ? await ServerChecks.SessionAsync(dialogue, loop) : null };
        deadline.Met();
        var server = new ServerConnection(channel.Connection, facts, registry, owner, target.MaxPreparedStatements) { Target = target.Proof is null ? target : target with { Proof = null } };
        server.Attach(channel.Detach().Span);
        return server.IsClosed ? throw new ServerLoginException("the server broke the protocol right behind its login") : server;
    });

    /// <summary>
    /// Logs in as a pool would, for questions of the proxy's own and nothing else, and leaves: no checks, no connect_query. The questions have
    /// <paramref name="patience"/> together.
    /// </summary>
    /// <exception cref="ServerLoginException">The server could not be had, an answer was an error, or the time ran out.</exception>
    public Task<T> InquireAsync<T>(ServerTarget target, TimeSpan patience, Func<ServerDialogue, Task<T>> ask) => InquireAtAsync(target, null, patience, ask);

    private Task<T> InquireAtAsync<T>(ServerTarget target, IPAddress? address, TimeSpan patience, Func<ServerDialogue, Task<T>> ask) => LogInAsync(target, address, async (dialogue, channel, deadline) =>
    {
        deadline.Met();
        using var longer = new ConnectDeadline(loop, patience);
        longer.Watch(channel.Connection);
        var isOfHost = channel.Connection.Tls is null;
        try
        {
            var answer = await ask(dialogue);
            channel.Write(Terminate.Bytes);
            channel.Connection.Close();
            return answer;
        }
        catch (ConnectionEndedException failure) when (longer.HasPassed)
        {
            throw new ServerLoginException("the server did not answer in time", failure) { IsUnanswered = isOfHost, IsBrokenOff = true };
        }
    });

    /// <inheritdoc/>
    public Task<OpenedServer> OpenDedicatedAsync(ServerTarget target) => InTurnAsync(target, OpenDedicatedAtAsync);

    private Task<OpenedServer> OpenDedicatedAtAsync(ServerTarget target, IPAddress? address, bool isOneOfMany) => LogInAsync(target, address, (dialogue, channel, deadline) =>
    {
        // A walsender takes no questions, but from version 14 on it says this by itself.
        if (dialogue.Facts.Reported.FirstOrDefault(pair => pair.Key == "in_hot_standby").Value is { } word
            && new HostNature(word == "on", IsReadOnly: word == "on", Timeline: 0) { IsOneOfMany = isOneOfMany } is var nature && !nature.Fits(target.Demand))
        {
            throw new ServerLoginException($"not used: it is a {nature}") { Unfit = nature };
        }

        deadline.Met();
        return Task.FromResult(new OpenedServer(channel, dialogue.Facts));
    });

    /// <inheritdoc/>
    public Task<HostNature> ProbeAsync(ServerTarget target, TimeSpan patience) =>
        InTurnAsync(target with { ConnectTimeout = patience }, async (at, address, isOneOfMany) =>
            await InquireAtAsync(at, address, at.ConnectTimeout, HostQuestion.AskAsync) with { IsOneOfMany = isOneOfMany });

    /// <summary>
    /// A name may stand for a primary and its standbys: where the server has to be something, each of its addresses is tried in turn until one is it and answers, all of
    /// them within server_connect_timeout.
    /// </summary>
    private async Task<T> InTurnAsync<T>(ServerTarget target, Func<ServerTarget, IPAddress?, bool, Task<T>> open)
    {
        if (!target.AsksNature || target.Host.StartsWith('/'))
        {
            return await open(target, null, false);
        }

        var start = loop.NowMilliseconds;
        var addresses = await LookUpAsync(target, PatienceOf(target));
        for (var i = 0; ; i++)
        {
            var whole = target.ConnectTimeout;
            var rest = whole.InMilliseconds() - (loop.NowMilliseconds - start);
            var share = whole == TimeSpan.Zero ? whole : TimeSpan.FromMilliseconds(Math.Max(100, rest / (addresses.Count - i)));
            try
            {
                return await open(target with { ConnectTimeout = share }, addresses[i], addresses.Count > 1);
            }
            catch (ServerLoginException failure) when (i < addresses.Count - 1 && (failure.Unfit is not null || failure.IsOfHost))
            {
                // The next one may be it.
            }
        }
    }

    private async Task<T> LogInAsync<T>(ServerTarget target, IPAddress? address, Func<ServerDialogue, ColdChannel, ConnectDeadline, Task<T>> then)
    {
        var timeout = PatienceOf(target);
        Connection? connection = null;
        using var deadline = new ConnectDeadline(loop, timeout);

        // Up to TLS the host alone can be at fault. From there on it may as well be this pool's certificates, login or database, of which other pools are to hear nothing.
        var isOfHost = true;
        try
        {
            connection = await ConnectAsync(target, timeout, address);
            deadline.Watch(connection);
            var channel = new ColdChannel(connection);
            if (target.TlsMode != TlsMode.Disable && !connection.IsUnix)
            {
                channel = await ServerTls.NegotiateAsync(channel, target, timeout, () => ReconnectAsync(target, timeout, deadline, address), () => isOfHost = false);
                connection = channel.Connection;
            }

            var login = new ServerLogin(channel, target, registry);
            var facts = await login.RunAsync();
            return await then(new ServerDialogue(channel, registry, facts), channel, deadline);
        }
        catch (Exception failure)
        {
            // Whatever it was: the pool keeps a place for this login, and gets it back by hearing of the failure.
            connection?.Abort();
            throw deadline.HasPassed ? new ServerLoginException("server_connect_timeout", failure) { IsUnanswered = isOfHost, IsBrokenOff = true } : failure switch
            {
                ServerLoginException refusal => refusal,
                SocketException or ConnectFailedException or ConnectionEndedException => new ServerLoginException(failure.Message, failure) { IsUnanswered = isOfHost, IsBrokenOff = true },
                ProtocolViolationException or IOException => new ServerLoginException(failure.Message, failure),
                _ => new ServerLoginException($"{failure.GetType().Name}: {failure.Message}", failure),
            };
        }
    }

    /// <inheritdoc/>
    public async Task CancelAsync(CancelAim aim)
    {
        var (target, address) = (aim.Target, aim.Address);
        var timeout = target.ConnectTimeout > TimeSpan.Zero ? target.ConnectTimeout : TimeSpan.FromSeconds(15);
        Connection? connection = null;
        var isSent = false;
        using var deadline = new ConnectDeadline(loop, timeout);
        try
        {
            connection = await ConnectAsync(target, timeout, address);
            deadline.Watch(connection);
            var channel = new ColdChannel(connection);
            if (target.TlsMode != TlsMode.Disable && !connection.IsUnix)
            {
                channel = await ServerTls.NegotiateAsync(channel, target, timeout, () => ReconnectAsync(target, timeout, deadline, address), static () => { });
                connection = channel.Connection;
            }

            using var message = new MessageWriter();
            CancelRequest.Write(message, aim.ProcessId, aim.Key);
            isSent = true;
            channel.Write(message.WrittenSpan);

            // PostgreSQL answers nothing and closes, after it has sent the signal.
            await channel.ReadByteAsync();
        }
        catch (ConnectionEndedException ended) when (isSent && ended.End.Kind is ConnectionEndKind.EndOfStream or ConnectionEndKind.Truncated or ConnectionEndKind.Reset)
        {
            // PostgreSQL has closed it: that is its answer.
        }
        catch (Exception failure) when (failure is ConnectionEndedException or SocketException or ConnectFailedException or ProtocolViolationException or IOException)
        {
            throw new ServerLoginException(deadline.HasPassed ? "server_connect_timeout" : failure.Message, failure) { MayStillArrive = isSent };
        }
        finally
        {
            connection?.Abort();
        }
    }

    private static TimeSpan PatienceOf(ServerTarget target) => target.ConnectTimeout > TimeSpan.Zero ? target.ConnectTimeout : TimeSpan.FromDays(1);

    private async Task<ColdChannel> ReconnectAsync(ServerTarget target, TimeSpan timeout, ConnectDeadline deadline, IPAddress? address)
    {
        var connection = await ConnectAsync(target, timeout, address);
        deadline.Watch(connection);
        return new ColdChannel(connection);
    }

    /// <summary>The addresses of the host's name, beginning with the next in turn. A name server that does not answer is a host that does not.</summary>
    private async Task<IReadOnlyList<IPAddress>> LookUpAsync(ServerTarget target, TimeSpan timeout)
    {
        try
        {
            return await resolver.ResolveAllAsync(target.Host).WaitAsync(timeout, loop.Time);
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            var reason = failure is TimeoutException ? $"server_connect_timeout: no name server has answered for \"{target.Host}\"" : failure.Message;
            throw new ServerLoginException(reason, failure) { IsUnanswered = true, IsBrokenOff = true };
        }
    }

    /// <summary>Connects to that address, or to the next of those the host's name stands for.</summary>
    private async Task<Connection> ConnectAsync(ServerTarget target, TimeSpan timeout, IPAddress? address)
    {
        var start = loop.NowMilliseconds;
        var endpoint = target.Host.StartsWith('/')
            ? SocketEndpoint.Unix($"{target.Host}/.s.PGSQL.{target.Port}")
            : SocketEndpoint.Tcp(address ?? (await LookUpAsync(target, timeout))[0], target.Port);
        var tuning = new SocketTuning
        {
            KeepAlive = target.TcpKeepalive,
            KeepCount = target.TcpKeepcnt,
            KeepIdle = target.TcpKeepidle,
            KeepInterval = target.TcpKeepintvl,
            UserTimeout = target.TcpUserTimeout,
            SocketBufferBytes = target.TcpSocketBuffer,
        };
        var rest = timeout.InMilliseconds() - (loop.NowMilliseconds - start);
        return await Connector.ConnectAsync(loop, endpoint, TimeSpan.FromMilliseconds(Math.Max(1, rest)), tuning);
    }
}
