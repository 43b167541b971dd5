using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing.Soak;

/// <summary>Somebody who asks for rows all the time, in every form, and looks at each: it must be one of the person's own, by the role of the person.</summary>
internal sealed class SoakPerson(SoakWorld world, string tag, string role, Random chance)
{
    private readonly byte[] _expected = Encoding.ASCII.GetBytes($"{tag}@{role}");
    private readonly SoakScripts _scripts = new(tag);
    private long _rows;
    private bool _hasFailed;

    public async Task LiveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var connection = new SoakConnection();
                string? refused = await connection.LogInAsync(world.Port, tag, world.DatabaseName, world.Token(tag, role));
                world.Counts.Event("logins");
                if (refused is not null)
                {
                    world.Counts.Error(refused);
                    await Task.Delay(50, stop);
                    continue;
                }
                await connection.SendAsync(_scripts.Opening);
                _hasFailed = false;

                // Where the server was lost under it there is no prepared statement: another connection.
                if (await connection.ReadAsync(Look) && !_hasFailed)
                {
                    await AskAsync(connection, stop);
                }
            }
            catch (TimeoutException)
            {
                world.Counts.Violation($"{tag} got no answer");
            }
            // Servers are killed and connections cut here: the next one will do. The soak's end is one too.
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
            }
        }
    }

    private async Task AskAsync(SoakConnection connection, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            (byte[] bytes, int replies) = _scripts.Choose(chance);
            switch (chance.Next(400))
            {
                case 0:
                    // Away in the middle of a message, or behind it.
                    world.Counts.Event("disconnects");
                    await connection.SendAsync(bytes.AsMemory(0, chance.Next(1, bytes.Length + 1)));
                    return;
                case 1:
                    world.Counts.Event("cancels");
                    await connection.SendAsync(bytes);
                    await connection.CancelAsync(world.Port);
                    break;
                default:
                    await connection.SendAsync(bytes);
                    break;
            }
            for (int i = 0; i < replies; i++)
            {
                if (!await connection.ReadAsync(Look))
                {
                    world.Counts.Event("connections lost");
                    return;
                }
            }
        }
    }

    private void Look(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case BackendType.DataRow:
                _rows++;
                Check(body[(sizeof(short) + sizeof(int))..]);
                break;
            case BackendType.CopyData:
                _rows++;
                Check(body.TrimEnd((byte)'\n'));
                break;
            case BackendType.CommandComplete:
                world.Counts.Statement();
                ReadOnlySpan<byte> words = body[..^1];
                if ((words.StartsWith("SELECT "u8) || words.StartsWith("COPY "u8)) && _rows != SoakScripts.RowsEach)
                {
                    world.Counts.Violation($"{tag} got {_rows} rows: {Encoding.ASCII.GetString(words)}");
                }
                _rows = 0;
                break;
            case BackendType.ErrorResponse:
                world.Counts.Statement();
                _hasFailed = true;
                _rows = 0;
                string state = SoakConnection.SqlState(body);
                world.Counts.Error(state);
                if (state.StartsWith("42", StringComparison.Ordinal) || state is "26000" or "0A000")
                {
                    world.Counts.Violation($"{tag} got {Encoding.UTF8.GetString(body).Replace('\0', ' ')}");
                }
                break;
            case BackendType.NoticeResponse when !IsOwn(body):
            case BackendType.NotificationResponse:
                world.Counts.Violation($"{tag} heard {Encoding.UTF8.GetString(body).Replace('\0', ' ')}");
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// "There is no transaction in progress", where a script's ROLLBACK finds none; and what PostgreSQL says to a session that ends because another was killed.
    /// </summary>
    private static bool IsOwn(ReadOnlySpan<byte> body) => SoakConnection.SqlState(body) is "25P01" or "25001" or "57P02";

    private void Check(ReadOnlySpan<byte> value)
    {
        if (!value.SequenceEqual(_expected))
        {
            world.Counts.Violation(string.Create(CultureInfo.InvariantCulture, $"{tag} got a row of {Encoding.UTF8.GetString(value)}"));
        }
    }
}
