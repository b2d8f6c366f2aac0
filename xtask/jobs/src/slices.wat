;; What the guests and kernels lack: objects and collections, exceptions, hosts that wait and call back, bulk operators.
(module
    (import "host" "echo" (func $echo (param i64) (result i64)))
    (import "host" "wait" (func $wait (param i64) (result i64)))
    (import "host" "nested" (func $nested (param i64) (result i64)))
    (import "host" "inside" (func $inside (param i64) (result i64)))
    (import "host" "thing" (func $thing (param i64) (result externref)))
    (import "host" "value" (func $value (param externref) (result i64)))
    (import "host" "throw" (func $throw (param i64)))
    (import "host" "collect" (func $collect))
    (type $node (struct (field (mut i64)) (field (mut (ref null $node)))))
    (type $bytes (array (mut i8)))
    (type $nodes (array (mut (ref null $node))))
    (tag $error (export "error") (param i64))
    (memory (export "memory") 1 40)
    (table $table (export "table") 1 400 (ref null $node))

    (func $total (param $node (ref null $node)) (result i64) (local $sum i64)
        (block $end
            (loop $again
                (br_if $end (ref.is_null (local.get $node)))
                (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3)) (struct.get $node 0 (local.get $node))))
                (local.set $node (struct.get $node 1 (local.get $node)))
                (br $again)))
        (local.get $sum))

    ;; A list that lives, and garbage.
    (func (export "objects") (param $n i32) (result i64)
        (local $head (ref null $node)) (local $garbage (ref null $bytes)) (local $kept (ref $nodes)) (local $sum i64)
        (local.set $kept (array.new $nodes (ref.null $node) (i32.const 16)))
        (loop $again
            (local.set $head (struct.new $node (i64.extend_i32_u (local.get $n)) (local.get $head)))
            (local.set $garbage (array.new $bytes (local.get $n) (i32.const 300)))
            (array.set $nodes (local.get $kept) (i32.and (local.get $n) (i32.const 15)) (local.get $head))
            (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31))
                (i64.extend_i32_u (array.get_u $bytes (local.get $garbage) (i32.const 299)))))
            (if (i32.eqz (i32.and (local.get $n) (i32.const 255)))
                (then
                    (local.set $sum (i64.add (local.get $sum) (call $total (local.get $head))))
                    (local.set $head (array.get $nodes (local.get $kept) (i32.const 3)))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.add (local.get $sum) (call $total (local.get $head))))

    ;; Throws from so many frames below; each second one catches and throws again.
    (func $deep (param $depth i32) (param $n i64)
        (if (i32.eqz (local.get $depth)) (then (throw $error (local.get $n))))
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (if (i32.and (local.get $depth) (i32.const 1))
            (then
                (block $caught (result exnref)
                    (try_table (catch_all_ref $caught) (call $deep (local.get $depth) (local.get $n)))
                    (unreachable))
                (throw_ref)))
        (call $deep (local.get $depth) (i64.add (local.get $n) (i64.const 1))))
    (func (export "throws") (param $n i32) (result i64) (local $sum i64) (local $kept (ref null $node))
        (loop $again
            (local.set $kept (struct.new $node (local.get $sum) (ref.null $node)))
            (local.set $sum (i64.mul (i64.const 31) (i64.add
                (struct.get $node 0 (local.get $kept))
                (block $caught (result i64)
                    (try_table (catch $error $caught)
                        (call $deep (i32.and (local.get $n) (i32.const 15)) (i64.extend_i32_u (local.get $n))))
                    (i64.const 1)))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum))

    ;; What the host calls.
    (func (export "inner") (param $n i64) (result i64) (local $sum i64) (local $float f64) (local $head (ref null $node))
        (local.set $n (i64.add (i64.and (local.get $n) (i64.const 255)) (i64.const 1)))
        (loop $again
            (local.set $float (f64.sqrt (f64.add (local.get $float) (f64.convert_i64_u (local.get $n)))))
            (local.set $head (struct.new $node (local.get $n) (local.get $head)))
            (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 7)) (i64.reinterpret_f64 (local.get $float))))
            (br_if $again (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
        (i64.add (call $echo (local.get $sum)) (call $total (local.get $head))))

    (func (export "hosts") (param $n i32) (result i64)
        (local $sum i64) (local $wide i64) (local $thing externref) (local $head (ref null $node))
        (local.set $thing (call $thing (i64.const 1)))
        (loop $again
            (local.set $wide (i64.extend_i32_u (local.get $n)))
            (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (call $echo (local.get $wide))))
            (local.set $head (struct.new $node (local.get $sum) (local.get $head)))
            (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 5)))
                (then (local.set $sum (i64.add (call $wait (local.get $wide)) (local.get $sum)))))
            (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 7)))
                (then (local.set $sum (i64.sub (local.get $sum) (call $nested (local.get $wide))))))
            (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 11)))
                (then (local.set $sum (i64.xor (local.get $sum) (call $inside (local.get $wide))))))
            (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 13)))
                (then
                    (local.set $thing (call $thing (local.get $wide)))
                    (call $collect)))
            (local.set $sum (i64.add (local.get $sum) (call $value (local.get $thing))))
            (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 17)))
                (then (local.set $sum (i64.add (local.get $sum)
                    (block $caught (result i64)
                        (try_table (catch $error $caught) (call $throw (local.get $wide)))
                        (i64.const 1))))))
            (if (i32.eqz (i32.and (local.get $n) (i32.const 127)))
                (then
                    (local.set $sum (i64.add (local.get $sum) (call $total (local.get $head))))
                    (local.set $head (ref.null $node))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum))

    (func (export "bulk") (param $n i32) (result i64) (local $sum i64) (local $at i32)
        (loop $again
            (local.set $at (i32.and (i32.mul (local.get $n) (i32.const 77)) (i32.const 4095)))
            (memory.fill (local.get $at) (local.get $n) (i32.const 30000))
            (memory.copy (i32.const 33000) (local.get $at) (i32.const 20000))
            (memory.copy (i32.const 33001) (i32.const 33000) (i32.const 30000))
            (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (i32.add (local.get $at) (i32.const 35000)))))
            (if (i32.eqz (i32.and (local.get $n) (i32.const 7)))
                (then
                    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_s (memory.grow (i32.const 1)))))
                    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_s (table.grow $table
                        (struct.new $node (local.get $sum) (ref.null $node)) (i32.const 9)))))
                    (local.set $sum (i64.add (local.get $sum) (call $total (table.get $table
                        (i32.sub (table.size $table) (i32.const 1))))))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))
