using Npgsql;

namespace PoolProxy.Load.Peers;

/// <summary>Asks PoolProxy's console.</summary>
internal static class AdminConsole
{
    /// <summary>A value of SHOW STATE; <c>unknown</c> where it has no such key.</summary>
    public static async Task<string> StateAsync(int port, Setup setup, World world, string key)
    {
        bool isToken = setup.Login == LoginMethod.Token;
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Database = "pgbouncer",
            Username = isToken ? "operator" : World.Operator,
            Password = isToken ? world.Issuer.Token("operator").Build() : World.Password,
            Pooling = false,
            SslMode = setup.Tls == TlsKind.Off ? SslMode.Disable : SslMode.Require,
        };
        await using NpgsqlDataSource source = new NpgsqlDataSourceBuilder(text.ConnectionString)
            .ConfigureTypeLoading(loading => loading.EnableTypeLoading(false))
            .Build();
        await using NpgsqlCommand command = source.CreateCommand("SHOW STATE");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetString(0) == key)
            {
                return reader.GetString(1);
            }
        }
        return "unknown";
    }
}
