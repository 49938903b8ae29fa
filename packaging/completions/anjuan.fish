# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_anjuan_global_optspecs
    string join \n a/archive= json coder= h/help V/version
end

function __fish_anjuan_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_anjuan_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_anjuan_using_subcommand
    set -l cmd (__fish_anjuan_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c anjuan -n "__fish_anjuan_needs_command" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_needs_command" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_needs_command" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_needs_command" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "inspect" -d 'Read one file and show what the importer makes of it; needs no archive'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "import" -d 'Import files and folders; the archive is made where it does not exist'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "list" -d 'List the reports'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "show" -d 'Show a report with its text, tags and passages'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "search" -d 'Search; both scripts find each other, pinyin glosses do not hinder'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "concordance" -d 'List every place that a search finds, with what stands around it'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "tag" -d 'Mark passages with tags'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "tags" -d 'List the codebook'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "passages" -d 'List passages'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "recognise" -d 'Recognise the text of scans, with the program tesseract'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "compare" -d 'Set reports side by side: shared passages, and rows by theme'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "export" -d 'Write reports to other formats'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "undo" -d 'Take the last change back'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "redo" -d 'Do the last undone change again'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "check" -d 'Check the archive file and its index'
complete -c anjuan -n "__fish_anjuan_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand inspect" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand inspect" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand inspect" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand inspect" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -l resume -d 'Go on with the import that was broken off'
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand import" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -l limit -d 'At most so many' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -l offset -d 'Pass over so many' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand list" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand show" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand show" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand show" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand show" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l limit -d 'At most so many reports' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l offset -d 'Pass over so many reports' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l sort -d 'Order inside a tier' -r -f -a "relevance\t'Most relevant first'
newest\t'Most recent first'
oldest\t'Oldest first'
place\t'By place'
longest\t'Longest first'
shortest\t'Shortest first'"
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l words -d 'Also reports that have only the words of a phrase, behind those that have it as typed'
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand search" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -l sort -d 'Order of the lines' -r -f -a "text\t'As they stand, the most recent report first'
left\t'By what stands before'
right\t'By what stands behind'
middle\t'By what was found'
place\t'By place'
oldest\t'Oldest report first'"
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -l limit -d 'At most so many lines' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -l offset -d 'Pass over so many lines' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -s o -l output -d 'Write all lines to this file (.xlsx or .csv) instead' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand concordance" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -s h -l help -d 'Print help'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -f -a "add" -d 'Mark a passage with one or more tags; new names become new tags'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and not __fish_seen_subcommand_from add help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -l memo -d 'A memo for the passage' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "add" -d 'Mark a passage with one or more tags; new names become new tags'
complete -c anjuan -n "__fish_anjuan_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand tags" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand tags" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand tags" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand tags" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand tags" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -l tag -d 'Only with this tag or one below it' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand passages" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -l script -d 'The script of the text; without it, its first pages tell' -r -f -a "Hans\t''
Hant\t''"
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -l password -d 'The password of encrypted files' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -l again -d 'Also reports that were recognised before'
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand recognise" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand compare" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand compare" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand compare" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand compare" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -s h -l help -d 'Print help'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -f -a "pdf" -d 'One annotated PDF: every passage a highlight with its tags and memo'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and not __fish_seen_subcommand_from pdf help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -s o -l output -d 'The file to write' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l tag -d 'Only passages with these tags' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l language -d 'Language of legend and index: zh-Hans, zh-Hant or en' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l no-legend -d 'Leave out the legend of the tags'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l no-index -d 'Leave out the index of the passages'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l no-memos -d 'Leave out the memos'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from pdf" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "pdf" -d 'One annotated PDF: every passage a highlight with its tags and memo'
complete -c anjuan -n "__fish_anjuan_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand undo" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand undo" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand undo" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand undo" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand redo" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand redo" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand redo" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand redo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand redo" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand check" -s a -l archive -d 'The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE' -r -F
complete -c anjuan -n "__fish_anjuan_using_subcommand check" -l coder -d 'Name written on passages and changes' -r
complete -c anjuan -n "__fish_anjuan_using_subcommand check" -l json -d 'Print one JSON object instead of text'
complete -c anjuan -n "__fish_anjuan_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anjuan -n "__fish_anjuan_using_subcommand check" -s V -l version -d 'Print version'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "inspect" -d 'Read one file and show what the importer makes of it; needs no archive'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "import" -d 'Import files and folders; the archive is made where it does not exist'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "list" -d 'List the reports'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "show" -d 'Show a report with its text, tags and passages'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "search" -d 'Search; both scripts find each other, pinyin glosses do not hinder'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "concordance" -d 'List every place that a search finds, with what stands around it'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "tag" -d 'Mark passages with tags'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "tags" -d 'List the codebook'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "passages" -d 'List passages'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "recognise" -d 'Recognise the text of scans, with the program tesseract'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "compare" -d 'Set reports side by side: shared passages, and rows by theme'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "export" -d 'Write reports to other formats'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "undo" -d 'Take the last change back'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "redo" -d 'Do the last undone change again'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "check" -d 'Check the archive file and its index'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and not __fish_seen_subcommand_from inspect import list show search concordance tag tags passages recognise compare export undo redo check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and __fish_seen_subcommand_from tag" -f -a "add" -d 'Mark a passage with one or more tags; new names become new tags'
complete -c anjuan -n "__fish_anjuan_using_subcommand help; and __fish_seen_subcommand_from export" -f -a "pdf" -d 'One annotated PDF: every passage a highlight with its tags and memo'
