# Reads mails with Perl's libraries: verifies their signatures (Mail::DKIM), reads their headers and
# text (Email::MIME), and tells both as one JSON object a line. Keys come from a file, not from DNS.
#
#     perl perl_reads.pl RECORDS MAIL...
use strict;
use warnings;
use Email::MIME;
use JSON::PP;
use Mail::DKIM::Verifier;

my ($records, @mails) = @ARGV;
my %txt;
open(my $in, '<', $records) or die "$records: $!";
while (<$in>) {
    chomp;
    my ($name, $value) = split / /, $_, 2;
    $txt{lc $name} = $value;
}
close $in;

package Record { sub type { 'TXT' } sub txtdata { $_[0]{text} } sub char_str_list { $_[0]{text} } }

{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my $text = $txt{lc $_[0]};
        return defined $text ? bless({text => $text}, 'Record') : ();
    };
}

binmode STDOUT, ':utf8';
for my $file (@mails) {
    open(my $mail, '<:raw', $file) or die "$file: $!";
    my $raw = do { local $/; <$mail> };
    close $mail;
    my $verifier = Mail::DKIM::Verifier->new();
    $verifier->PRINT($raw);
    $verifier->CLOSE;
    my @signed = map { $_->result_detail } $verifier->signatures;
    my $read = Email::MIME->new($raw);
    my %headers = map { $_ => [$read->header_str($_)] } grep { !/^DKIM/ } $read->header_names;
    my ($text) = map { $_->body_str } grep { $_->content_type =~ m{^text/plain} } $read->subparts;
    print JSON::PP->new->canonical->encode(
        {signed => \@signed, headers => \%headers, text => $text}
    ), "\n";
}
