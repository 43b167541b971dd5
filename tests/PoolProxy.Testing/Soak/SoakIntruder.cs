using System.Net.Sockets;

namespace PoolProxy.Testing.Soak;

/// <summary>Somebody who leaves in a session whatever could make the next one see, do or hear what is not theirs.</summary>
internal sealed class SoakIntruder(SoakWorld world, string name, string role, Random chance)
{
    public async Task LiveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var connection = new SoakConnection();
                if (await connection.LogInAsync(world.Port, name, world.DatabaseName, world.Token(name, role)) is { } refused)
                {
                    world.Counts.Error(refused);
                    await Task.Delay(50, stop);
                    continue;
                }
                for (int i = chance.Next(1, 12); i > 0 && !stop.IsCancellationRequested; i--)
                {
                    world.Counts.Event("intrusions");
                    byte[] bytes = SoakScripts.Query(Choose());
                    int length = chance.Next(4) == 0 ? chance.Next(1, bytes.Length) : bytes.Length;
                    await connection.SendAsync(bytes.AsMemory(0, length));
                    if (length < bytes.Length || !await connection.ReadAsync(static (_, _) => { }))
                    {
                        break;
                    }
                }
                await Task.Delay(chance.Next(20), stop);
            }
            // Its own troubles are its own; a lock that another intruder holds may make it wait for ever.
            catch (Exception error) when (error is SocketException or OperationCanceledException or TimeoutException)
            {
            }
        }
    }

    private string Choose()
    {
        string victim = world.TagOf(chance.Next(world.People));
        string forged = $"{{\"sub\":\"{victim}\"}}";
        string[] tricks =
        [
            $"do $$ begin perform set_config('request.jwt.claims', '{forged}', false); end $$",
            $"set request.jwt.claims = '{forged}'",
            $"set poolproxy.identity = '{forged}'",
            "do $$ begin perform set_config('ro' || 'le', 'none', false); end $$",
            "do $$ begin execute 'set ro' || 'le none'; end $$",
            $"create temp table tagged as select '{victim}'::text as tag; grant all on tagged to public",
            $"create temp view signed as select '{victim}'::text as tag; grant all on signed to public",
            "set search_path = pg_temp, pg_catalog",
            "do $$ begin perform set_config('search_path', 'pg_temp', false); end $$",
            "listen gossip",
            "notify gossip, 'intruder'",
            "select pg_advisory_lock(4711 + pg_backend_pid())",
            $"prepare hers as select '{victim}'",
            "do $$ declare n text; begin for n in select name from pg_prepared_statements loop execute format('deallocate %I', n); execute format('prepare %I as select ''evil''', n); end loop; end $$",
            "begin; declare c cursor with hold for select 'evil' from generate_series(1, 10); commit",
            "begin; select 1",
            "begin; select 1/0",
            "do $$ begin perform set_config('statement_timeout', '3', false); end $$",
            "set default_transaction_read_only = on",
            "set row_security = off",
            "set session characteristics as transaction isolation level serializable",
            "discard all",
            "do $$ begin raise notice 'gossip'; end $$",
            "select pg_sleep(0.01)",
        ];
        return tricks[chance.Next(tricks.Length)];
    }
}
