using System.Buffers.Binary;
using System.Text;
using PoolProxy.Testing.Wire;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>The words of a client of SASL OAUTHBEARER, right ones and wrong ones. <c>|</c> stands for the separator, U+0001.</summary>
internal static class OAuthClient
{
    /// <summary>What a good client says.</summary>
    public static string Bearer(string token) => $"n,,|auth=Bearer {token}||";

    /// <summary>Sends the startup packet and expects to be asked for OAUTHBEARER.</summary>
    public static async Task OpenAsync(this RawClient client, string user, string database)
    {
        await client.StartupAsync(user, database);
        Assert.Equal("OAUTHBEARER\0\0", Encoding.ASCII.GetString((await client.ExpectAsync("AuthenticationSASL")).Body[sizeof(int)..]));
    }

    /// <summary>Sends a SASLInitialResponse.</summary>
    public static Task SayAsync(this RawClient client, string text, string mechanism = "OAUTHBEARER") => client.SendBodyAsync(Initial(text, mechanism));

    /// <summary>Sends a SASLResponse.</summary>
    public static Task AnswerAsync(this RawClient client, string text) => client.SendBodyAsync(Bytes(text));

    /// <summary>Sends a message of type <c>p</c>.</summary>
    public static Task SendBodyAsync(this RawClient client, byte[] body)
    {
        var message = new byte[1 + sizeof(int) + body.Length];
        message[0] = (byte)'p';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), sizeof(int) + body.Length);
        body.CopyTo(message.AsSpan(1 + sizeof(int)));
        return client.Put(message).SendAsync();
    }

    /// <summary>The body of a SASLInitialResponse; <paramref name="length"/> is the length that it claims, where it is to lie.</summary>
    public static byte[] Initial(string text, string mechanism = "OAUTHBEARER", int? length = null)
    {
        byte[] response = Bytes(text);
        var claimed = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(claimed, length ?? response.Length);
        return [.. Encoding.ASCII.GetBytes(mechanism), 0, .. claimed, .. response];
    }

    /// <summary>Sends a token on a new connection, and the separator where the answer asks for it; what came up to the end or ReadyForQuery.</summary>
    public static async Task<RawLogin> TryOAuthAsync(this RawClient client, string user, string database, string text)
    {
        await client.OpenAsync(user, database);
        await client.SayAsync(text);
        var messages = new List<WireMessage>();
        while (true)
        {
            messages.Add(await client.ReadAsync());
            if (messages[^1].Name is "ReadyForQuery" or "ErrorResponse")
            {
                return new RawLogin(messages);
            }

            if (messages[^1].Name == "AuthenticationSASLContinue")
            {
                await client.AnswerAsync("|");
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));
}
