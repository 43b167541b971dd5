using PoolProxy.Configuration.Hba;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Hba;

/// <summary>Lines of HBA and ident files that go on in the next one, as PostgreSQL 14 reads them, and where faults in them are.</summary>
public sealed class HbaContinuationTests
{
    [Theory]
    [InlineData("local all \\\nalice trust", "alice")]
    [InlineData("local all \\\r\nalice trust\r\n", "alice")]
    [InlineData("local all al\\\nice trust", "alice")]
    [InlineData("local all alice tr\\\n\\\n\\\nust", "alice")]
    [InlineData("local all \"al\\\nice\" trust", "alice")]
    [InlineData("local all \"al\\\n\"\"#ice\" trust", "al\"#ice")]
    [InlineData("local all alice,\\\nbob trust", "alice bob")]
    [InlineData("local all alice\\\n,bob trust", "alice bob")]
    [InlineData("local all alice trust\\", "alice")]
    [InlineData("local all alice trust\\\n", "alice")]
    [InlineData("local all alice trust # \\\n  # more\\\n\n", "alice")]
    // No last character of its line, or not the line's own: a letter as others.
    [InlineData("local all alice\\ trust", "alice\\")]
    [InlineData("local all \\alice trust", "\\alice")]
    [InlineData("local all \"alice\\\\\n\" trust", "alice\\")]
    public void A_backslash_at_the_end_of_a_line_joins_the_next_to_it(string text, string users)
    {
        var read = HbaReader.Read(text, "hba.conf");
        Assert.Empty(read.Faults);
        Assert.Equal(users, string.Join(' ', Assert.Single(read.Lines).Users.Names.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_backslash_that_another_was_taken_from_behind_joins_nothing()
    {
        // "x\" and the empty line behind it are one record; the line after that is another.
        var read = HbaReader.Read("local all all ldap ldapserver=a ldapprefix=x\\\\\n\nlocal all bob trust", "hba.conf");
        Assert.Empty(read.Faults);
        Assert.Equal("x\\", read.Lines[0].Ldap!.Prefix);
        Assert.Equal(3, read.Lines[1].Position.Line);
    }

    [Theory]
    [InlineData("local all\\\n all\\\n  trusted", "hba.conf:3:3: the method \"trusted\" is not available")]
    [InlineData("\n\\\n\\\nlocl all all trust", "hba.conf:4:1: \"locl\" is no type of connection")]
    [InlineData("local all all trust\nlocal all \\\nall nonsense\nlocal all all trust", "hba.conf:3:5: the method \"nonsense\" is not available")]
    [InlineData("local all all trust \\\nlocal all all reject", "hba.conf:2:1: an option of trust is NAME=VALUE")]
    [InlineData("local all \\\n\"all trust\nlocal all all trust", "hba.conf:2:1: a quote or a list is not ended")]
    [InlineData("local all \"a\\\n\" \"b trust", "hba.conf:2:3: a quote or a list is not ended")]
    [InlineData("local all all,\\\n", "hba.conf:1:11: a quote or a list is not ended")]
    [InlineData("local all a\\\nll nonsense \\\n", "hba.conf:2:4: the method \"nonsense\" is not available")]
    [InlineData("local all all trust\n\\\nlocal all", "hba.conf:3:1: the line is too short")]
    public void A_fault_in_a_line_that_goes_on_is_at_its_place_in_the_file(string text, string fault) =>
        Assert.StartsWith(fault, HbaReader.Read(text, "hba.conf").Faults[0].ToString());

    [Theory]
    [InlineData("# see C:\\\nlocal all all reject", "hba.conf:2:1: the comment above ends with a backslash")]
    [InlineData("local all all trust # so it is \\\n\\\n  local all all reject", "hba.conf:3:3: the comment above ends with a backslash")]
    [InlineData("#\\\n# more \\\nlocal all all reject", "hba.conf:3:1: the comment above ends with a backslash")]
    public void A_comment_takes_no_line_in_that_PgBouncer_would_read(string text, string fault) =>
        Assert.StartsWith(fault, Assert.Single(HbaReader.Read(text, "hba.conf").Faults).ToString());

    [Fact]
    public void Files_of_names_and_maps_go_on_too()
    {
        var files = new AccessFiles(path => path == "/conf/names" ? ("alice,\\\n  bob\n+no\\\nbody", null) : (null, ""), _ => (null, "none"));
        var read = HbaReader.Read("local all @names trust", "/conf/hba.conf", files, IdentResult.NoMaps, Memberships.None);
        Assert.StartsWith("/conf/names:3:1: nobody is said to be a member of \"nobody\"", Assert.Single(read.Faults).ToString());
        var maps = IdentReader.Read("m root \\\n  alice\nm root\\\n bob more", "/conf/ident.conf", files, Memberships.None);
        Assert.True(maps.Maps["m"].Admits("root", "alice", Memberships.None));
        Assert.StartsWith("/conf/ident.conf:3:1: the line is no line of a map", Assert.Single(maps.Faults).ToString());
    }

    [Fact]
    public void As_many_lines_as_a_file_can_have_are_joined_in_a_time_that_grows_with_them()
    {
        var read = HbaReader.Read("local all a" + string.Concat(Enumerable.Repeat(",\\\na", 100_000)) + " trust", "hba.conf");
        Assert.Empty(read.Faults);
        Assert.Equal(["a"], Assert.Single(read.Lines).Users.Names);
    }
}
